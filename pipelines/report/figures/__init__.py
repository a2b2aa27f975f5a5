"""The pictures of a report. A `draw_` function reads facts and draws them; it computes nothing."""
