"""What columns that look like protected attributes are called, and what they hold.

The attributes are those by which laws forbid to treat people differently, or by which they often do so unnoticed:
the Equal Credit Opportunity Act (15 U.S.C. 1691), Article 21 of the Charter of Fundamental Rights of the European
Union, and the post code, which stands in for where people live and so for who they are. Words are written in lower case
and run together ("maritalstatus"), without marks above letters unless that makes another word ("eta" is no age,
"età" is).
"""

from dataclasses import dataclass


def words(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


PERSON = words(
    "applicant borrower borrowers coapplicant co customer customers cust client clients patient patients person people "
    "driver employee emp staff worker user member student pupil respondent participant subject insured policyholder "
    "cardholder accountholder holder head householder mother mothers father fathers parent maternal paternal husband "
    "wife spouse partner child children baby player passenger candidate defendant offender victim suspect rider owner "
    "buyer tenant resident voter visitor guest donor recipient teacher primary hh kunde kunden"
)
NEUTRAL = words(
    "a an at by de der des do in is my of s t the self reported declared given code codes cd category cat group "
    "groups grp label flag ind indicator dummy bool encoded enc desc description text str status"
)


@dataclass(frozen=True)
class Attribute:
    """One protected attribute."""

    name: str
    names: frozenset[str]  # of which one is the column's name
    beside: frozenset[str] = frozenset()  # what else may stand in such a name, with PERSON, NEUTRAL and one digit
    # A column of any name looks so where it holds a level of each of these sets, and hardly any but these and `rest`.
    levels: tuple[frozenset[str], ...] = ()
    rest: frozenset[str] = frozenset()
    most: int | None = None  # different values of a column with such a name, or it is something else
    fewest: int = 2
    years: bool = False  # numbers must be ages or dates of birth

    @property
    def allowed(self) -> frozenset[str]:
        """All that may stand beside the names."""
        return self.beside | PERSON | NEUTRAL | frozenset("0123456789")


UNSAID = words("other others unknown missing none na notstated refused prefernottosay undisclosed")
RACES = words(
    "asian hispanic latino latina latinx caucasian africanamerican asianpacislander asianpacificislander "
    "pacificislander amerindianeskimo americanindian nativeamerican nativehawaiian hawaiian indigenous"
)
RACE_LEVELS = RACES | words("white black african native american mixed multiracial twoormoreraces biracial")
RELIGIONS = words(
    "christian christianity catholic romancatholic protestant orthodox evangelical muslim islam hindu hinduism "
    "buddhist buddhism jewish judaism jew sikh jain atheist agnostic mormon"
)

UNMARRIED = words("single divorced widowed widow unmarried nevermarried separated ledig geschieden verwitwet")

AGE = Attribute(
    "age",
    words(
        "age ages agep agegroup ageband agerange ageclass alter altersgruppe edad età idade leeftijd ålder yaş ikä věk "
        "возраст 年龄 年齢 나이 umur usia dob dateofbirth birthdate birthday birthyear yearofbirth yob "
        "daysbirth born geburtsdatum geburtsjahr geburtstag jahrgang datedenaissance anneedenaissance naissance "
        "fechadenacimiento fechanacimiento nacimiento datadinascita datanascita datadenascimento "
        "datanascimento geboortedatum geboortejaar"
    ),
    beside=words(
        "years year yrs yr months month mths days day band bin bins bucket range bracket class squared sq log "
        "admission diagnosis entry enrollment enrolment hire hiring application onset inception death marriage start "
        "baseline visit interview under over completed last approx rounded"
    ),
    years=True,
)
SEX = Attribute(
    "sex",
    words(
        "sex gender male female geschlecht sexe sexo sesso genero gênero genere geslacht kön kjønn køn sukupuoli "
        "cinsiyet płeć plec pohlavi pohlaví 性别 性別 성별 weiblich maennlich mannlich jeniskelamin"
    ),
    beside=words("m f w male female man woman birth legal biological assigned identity personal id"),
    levels=(
        words(
            "female f woman girl feminine weiblich frau femme feminin femenino feminino mujer donna femmina femminile "
            "vrouw kvinna kvinde kvinne kobieta mulher mrs ms miss mme mlle signora 女 女性 ж жен женский"
        ),
        words(
            "male m man boy masculine mannlich maennlich herr homme masculin masculino hombre uomo maschio maschile "
            "mann mezczyzna homem mr monsieur signor 男 男性 м муж мужской"
        ),
    ),
    rest=UNSAID | words("u x d i nonbinary nb diverse divers transgender trans intersex genderqueer"),
    most=10,
)
RACE = Attribute(
    "race",
    words(
        "race ethnicity ethnic ethnicgroup ethnicorigin ethnie etnia raça raca raza rasse hautfarbe skincolor "
        "skincolour caste tribe hispanic latino africanamerican caucasian"
    ),
    beside=RACE_LEVELS | words("or and other origin background one two more"),
    levels=(RACES,),
    rest=UNSAID | RACE_LEVELS,
    most=40,
)
NATIONALITY = Attribute(
    "nationality",
    words(
        "nationality nationalitat nationalitaet nationalite nacionalidad nazionalita nacionalidade nationaliteit "
        "citizenship citizen staatsangehorigkeit staatsangehoerigkeit staatsburgerschaft cittadinanza ciudadania "
        "cidadania nativecountry birthcountry countryofbirth birthplace placeofbirth geburtsland geburtsort "
        "paysdenaissance paisdenacimiento paesedinascita foreignworker foreigner foreignborn immigrant migrant "
        "immigration immigrationstatus migrationshintergrund 国籍"
    ),
    beside=words("us usa uk eu non second dual country foreign native id"),
)
RELIGION = Attribute(
    "religion",
    words("religion religious religione religie religiao religião konfession faith godsdienst 宗教"),
    beside=RELIGIONS | words("affiliation denomination id"),
    levels=(RELIGIONS,),
    rest=UNSAID | RELIGIONS,
    most=60,
)
DISABILITY = Attribute(
    "disability",
    words(
        "disability disabilities handicap handicapped handcap behinderung schwerbehindert schwerbehinderung "
        "discapacidad minusvalia deficiencia disabilita handicape wheelchair wheelchairuser"
    ),
    beside=words("has any physical mental learning registered degree level with"),
    most=10,
)
MARITAL_STATUS = Attribute(
    "marital status",
    words(
        "marital maritalstatus marriage marriagestatus married civilstatus familienstand zivilstand etatcivil "
        "estadocivil statocivile burgerlijkestaat personalstatus divorced widowed"
    ),
    beside=words("ever currently never single id"),
    levels=(
        words("married marriedcivspouse marriedafspouse marriedspouseabsent marriedpresent verheiratet"),
        UNMARRIED,
    ),
    rest=UNSAID | words("cohabiting partnered domesticpartner civilpartnership civilmarriage singlenotmarried engaged"),
    most=15,
)
PREGNANCY = Attribute(
    "pregnancy",
    words(
        "pregnant pregnancy pregnancies gravid gravida schwanger schwangerschaft enceinte grossesse embarazada "
        "embarazo gravidanza incinta gravidez"
    ),
    beside=words("number times ever currently weeks"),
    most=50,
)
POST_CODE = Attribute(
    "post code",
    words(
        "zip zipcode zipcodes postcode postcodes postalcode postal plz postleitzahl codepostal codigopostal pincode "
        "eircode zcta 郵便番号 邮编"
    ),
    beside=words(
        "prefix first home residence residential address addr mailing billing shipping delivery area region plus "
        "zipcode"
    ),
    fewest=3,
)
ORIENTATION = Attribute(
    "sexual orientation",
    words("sexualorientation sexuality"),
    levels=(words("heterosexual straight"), words("homosexual gay lesbian bisexual")),
    rest=UNSAID | words("homosexual gay lesbian bisexual asexual queer pansexual heterosexual straight"),
    most=15,
)

# A name that would do for two is of the first: "sex" of "personal_status_sex", not its "personal status".
ATTRIBUTES = (
    AGE, SEX, RACE, NATIONALITY, RELIGION, DISABILITY, MARITAL_STATUS, PREGNANCY, POST_CODE, ORIENTATION,
)  # fmt: skip
