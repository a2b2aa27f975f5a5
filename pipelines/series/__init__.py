"""Values that follow one another in time: what a forecast may look back on, and the guard that nothing looks ahead."""
