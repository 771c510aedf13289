"""The slot values of the built-in assistant: for each pool, those of training and the unseen ones.

`SEEN` and `UNSEEN` map a pool's name to its values. Listed pools are written as two texts with `|`
between values; regular ones (times, numbers) are counted out and every fourth value is kept back.
"""

from __future__ import annotations

from collections.abc import Iterable

SEEN: dict[str, list[str]] = {}
UNSEEN: dict[str, list[str]] = {}


def _listed(pool: str, seen: str, unseen: str) -> None:
    SEEN[pool] = [" ".join(value.split()) for value in seen.split("|")]
    UNSEEN[pool] = [" ".join(value.split()) for value in unseen.split("|")]


def _counted(pool: str, values: Iterable[str]) -> None:
    for i, value in enumerate(values):
        (UNSEEN if i % 4 == 2 else SEEN).setdefault(pool, []).append(value)


# --- people and places -----------------------------------------------------------------------

_listed(
    "contact",
    """Anna | Ben | Renée | Zoë | José | Søren | Priya | Mohammed | Yuki | Chloé | Tom | Maria |
    Lukas | Olivia | Hannah | François | Ingrid | Paweł | Dmitri | Aisha | Mom | my sister |
    my brother | Grandma | Uncle Joe | Dr. Müller | Mrs. Clark | Emma Watson | John Smith |
    Björn Larsen | Ana Sofía | the office | my boss | Carlos Ruiz | Laura Chen | David | Kate |
    Sarah Miller | Mr. Okafor | Peter | Élise | Noah | Tim Brown | Marta | Ravi Patel |
    Jürgen""",
    """Michael | André | Beatriz | Łukasz | Nadia | Oscar | Fatima | Mei Lin | Dad | my wife |
    my husband | Aunt Carol | Dr. Weiß | Mrs. Nguyen | Thomas Berg | Inés García | Ella Jones |
    Mr. Rossi | Jonas | Léa | Sven Olsson | Grace Kim | my cousin | the dentist | Robert |
    Zofia""",
)
_listed(
    "city",
    """Berlin | Paris | Zürich | São Paulo | New York | London | Madrid | Rome | Vienna | Tokyo |
    Kraków | Málaga | Oslo | Boston | Chicago | Los Angeles | Montréal | Mexico City | Sydney |
    Cape Town | Nairobi | Mumbai | Bangkok | Reykjavík | Köln | Genève | Lisbon | Prague |
    Dublin | Edinburgh | Seattle | Denver | Rio de Janeiro | Buenos Aires | Copenhagen |
    Göteborg | Milan | Athens | Istanbul | San Diego | Salt Lake City | Bern | Warsaw |
    Medellín""",
    """Hamburg | Lyon | Düsseldorf | Bogotá | San Francisco | Manchester | Sevilla | Turin |
    Graz | Osaka | Łódź | Bergen | Miami | Québec | Melbourne | Accra | Delhi | Hanoi | Malmö |
    Porto | Brno | Cork | Portland | Belém | Aarhus | Naples | New Orleans | Córdoba | Basel""",
)
_listed(
    "place",
    """the airport | the train station | Central Park | the nearest pharmacy | the hospital |
    Main Street | 12 Baker Street | the city museum | Bahnhofstraße 5 | the university |
    a gas station | the closest supermarket | Café Central | the Eiffel Tower | home | work |
    45 Rue de Rivoli | the town hall | the football stadium | Victoria Station | the beach |
    the nearest bank | Queen's Road | 221 Elm Street | the art gallery | the public library |
    Plaza de España | the post office | the swimming pool | a parking garage | Alexanderplatz""",
    """the bus station | the nearest hospital | Hyde Park | 98 Oak Street | Hauptstraße 17 |
    the science museum | a coffee shop | the closest pharmacy | Café Müller | the opera house |
    17 Rue Saint-Honoré | the concert hall | Union Station | the city library | King's Road |
    Plaza Mayor | the shopping mall | the nearest gas station | the harbour | the zoo""",
)
_listed(
    "travel_mode",
    """car | bike | bus | train | foot | subway | boat | taxi | public transport""",
    """bicycle | tram | ferry""",
)
_listed(
    "restaurant",
    """Luigi's | Chez Pierre | the Golden Dragon | Casa Miguel | Sakura | Taj Mahal |
    Olive Garden | La Piñata | Brasserie Zürich | The Blue Door | Pizzeria Napoli | Café Flore |
    The Old Mill | Bistro Amélie | Nando's | El Toro | The Red Lion | Mykonos | Noma |
    Trattoria Romana | The Green Table | Gasthaus Löwen | Steak House 21 | Le Jardin""",
    """Mario's | Chez Renée | the Silver Dragon | Casa Lucía | Ginza | The White Horse |
    Pizzeria Vesuvio | Café Noir | Bistro Élan | El Gaucho | Trattoria Bella | Gasthaus Krone |
    Le Petit Jardin | The Red Door | Santorini""",
)
_listed(
    "cuisine",
    """Italian | Thai | Mexican | Japanese | Indian | French | Greek | Chinese | Spanish |
    Turkish | vegan | seafood | sushi | pizza | Lebanese | Ethiopian | Swiss | Moroccan |
    Korean | Russian | Hawaiian | noodle""",
    """Vietnamese | Peruvian | Portuguese | vegetarian | ramen | Persian | Austrian | burger""",
)
_listed(
    "airline",
    """Lufthansa | Delta | British Airways | Air France | Swiss | Iberia | United | Qantas |
    Emirates | KLM | Ryanair | Aeroméxico | Norwegian | Air India | American Airlines |
    Japan Airlines | Turkish Airlines | Air Europa | Alaska""",
    """Air Canada | Finnair | Qatar Airways | easyJet | Singapore Airlines | Austrian |
    Air Baltic""",
)

# --- time ------------------------------------------------------------------------------------

_WORDS = {2: "two", 3: "three", 5: "five", 10: "ten", 15: "fifteen", 20: "twenty", 30: "thirty"}
_HOURS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

_counted(
    "duration",
    [
        *(f"{n} minutes" for n in (2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 20, 25, 30, 35, 40, 45, 50)),
        *(f"{n} seconds" for n in (10, 15, 20, 30, 40, 45, 60, 75, 90)),
        *(f"{n} hours" for n in (2, 3, 4, 5, 6, 8, 12)),
        *(f"{word} minutes" for word in _WORDS.values()),
        *("half an hour", "one hour", "an hour", "1 hour", "a minute", "one minute"),
        *("an hour and a half", "1 hour and 20 minutes", "2 hours and 30 minutes"),
        *("1 hour and 45 minutes", "3 minutes and 30 seconds", "5 minutes and 15 seconds"),
        *("two and a half minutes", "two and a half hours", "three and a half minutes"),
    ],
)
_counted(
    "duration_adjective",
    [
        *(f"{n} minute" for n in (2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 25, 30, 40, 45, 50, 90)),
        *(f"{n} second" for n in (10, 20, 30, 45, 60, 90)),
        *(f"{n} hour" for n in (1, 2, 3, 4, 6)),
        *(f"{word} minute" for word in _WORDS.values()),
    ],
)
_counted(
    "time",
    [
        *(f"{h} {half}" for half in ("am", "pm") for h in range(1, 12)),
        *(f"{h}:{m:02d}" for h, m in zip(range(6, 24), [30, 15, 45, 0, 10, 50] * 3, strict=True)),
        *(
            f"{h}:{m} {half}"
            for half in ("am", "pm")
            for h in (5, 6, 7, 8, 9)
            for m in (15, 30, 45)
        ),
        *(f"{hour} o'clock" for hour in _HOURS),
        *(f"half past {hour}" for hour in _HOURS),
        *(f"quarter {side} {hour}" for hour in _HOURS[3:] for side in ("to", "past")),
        *(f"{hour} in the {part}" for part in ("morning", "afternoon") for hour in _HOURS[1:8:2]),
        *(f"{hour} in the evening" for hour in _HOURS[5:9]),
        *("noon", "midnight", "8 o'clock", "6 o'clock"),
    ],
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
_counted(  # dates that stand alone
    "date",
    [
        *("today", "tomorrow", "tonight", "this weekend", "next week", "the day after tomorrow"),
        *("tomorrow morning", "tomorrow afternoon", "tomorrow evening", "this morning"),
        *("this afternoon", "this evening", "next weekend", "later today", "tomorrow night"),
        *(f"{which} {day}" for day in _DAYS for which in ("this", "next")),
        *("in two days", "in three days", "in two weeks", "in a week", "in five days"),
    ],
)
_counted(  # dates after "on" or "for"
    "day",
    [
        *(f"{month} {3 + 2 * i}" for i, month in enumerate(_MONTHS)),
        *(f"the {20 + i}th of {month}" for i, month in enumerate(_MONTHS[:9], start=-7) if i != 1),
        *(f"{month} {n}" for month, n in zip(_MONTHS, ("1st", "2nd", "3rd") * 4, strict=True)),
        *(f"{day} {part}" for day in _DAYS for part in ("morning", "afternoon", "evening")),
        *("Christmas Eve", "Christmas Day", "New Year's Eve", "my birthday", "Easter Sunday"),
        *_DAYS,
        *(f"{month} {12 + i}th" for i, month in enumerate(_MONTHS)),
    ],
)
_counted(
    "recurrence",
    [
        *(f"every {day}" for day in _DAYS),
        *("every day", "every morning", "every weekday", "every evening", "every night"),
        *("every week", "every weekend", "every other day", "every month", "every hour"),
        *(f"every {day} morning" for day in _DAYS),
        *(f"every {one} and {two}" for one, two in zip(_DAYS, _DAYS[2:], strict=False)),
    ],
)

# --- music and talk --------------------------------------------------------------------------

_listed(
    "artist",
    """Adele | Coldplay | Beyoncé | Björk | The Beatles | Queen | Miles Davis | Sigur Rós |
    Drake | Taylor Swift | Bob Dylan | Édith Piaf | Daft Punk | Radiohead | Nina Simone |
    Bruno Mars | Rosalía | David Bowie | Pink Floyd | Ed Sheeran | Céline Dion |
    Ella Fitzgerald | Metallica | Caetano Veloso | Arctic Monkeys | Fleetwood Mac | Johnny Cash |
    Lady Gaga | Stromae | Abba | Billie Eilish | The Rolling Stones | Tom Waits | Mötley Crüe |
    Norah Jones | Kendrick Lamar""",
    """Rihanna | The Doors | Motörhead | Aretha Franklin | Maná | Dua Lipa | John Coltrane |
    Elvis Presley | Zaz | Nirvana | Michael Jackson | Café Tacvba | Simon and Garfunkel | Muse |
    Joni Mitchell | Sade | The Strokes | Bob Marley | Sinéad O'Connor | Hélène Grimaud""",
)
_listed(
    "song",
    """Yellow | Hello | Bohemian Rhapsody | Yesterday | Halo | La Vie en Rose | Space Oddity |
    Blue in Green | Someone Like You | Wish You Were Here | Shape of You | Hey Jude | Dreams |
    Army of Me | Get Lucky | Paranoid Android | Feeling Good | Ring of Fire | Shake It Off |
    Under Pressure | Águas de Março | Let It Be | Bad Guy | Dancing Queen | Alors on danse |
    Blowing in the Wind | The Scientist | Come Away with Me | Für Elise | Fix You | Malamente |
    Paint It Black | Poker Face | Nothing Else Matters | Time | One Dance""",
    """Umbrella | Respect | Light My Fire | Thriller | Hotel California | Imagine | Levitating |
    Smells Like Teen Spirit | Je veux | Purple Rain | Redemption Song | Clair de lune |
    Both Sides Now | Smooth Operator | Billie Jean | Clocks | Don't Stop Me Now |
    Here Comes the Sun | Déjà Vu | Love on Top | Starman | Rolling in the Deep""",
)
_listed(
    "playlist",
    """Summer Hits | Workout | Chill Vibes | Road Trip | Sunday Morning | Dinner Party |
    Deep Focus | My Favourites | Café del Mar | Running Mix | Indie Classics | Morning Coffee |
    Party Time | Sleep Sounds | Rock Classics | Latin Fiesta | Piano Relax | Feel Good |
    Study Beats | Nineties Hits | Rainy Day""",
    """Winter Hits | Evening Chill | Beach Party | Monday Morning | Gym Mix | Café Jazz |
    Night Drive | Summer Party | Soul Classics | Happy Vibes | Piano Dreams | Eighties Hits |
    Focus Time | Garden Party""",
)
_listed(
    "genre",
    """jazz | rock | classical | pop | hip hop | techno | country | reggae | blues | folk |
    salsa | heavy metal | indie rock | bossa nova | soul | disco | ambient | swing |
    death metal | tango | gospel""",
    """funk | opera | house | punk rock | flamenco | smooth jazz | classic rock""",
)
_listed(
    "message",
    """I'm running late | I'm on my way | I'll be there in ten minutes |
    the meeting is cancelled | happy birthday | I'm stuck in traffic | dinner is ready |
    I love you | can you pick up the kids | don't forget the tickets | see you at the station |
    the train is delayed | thanks for your help | I'm almost home | where are you |
    I can't come today | let's meet at the café | good luck | we need more milk |
    please bring the keys | are you free for lunch | I will call you back |
    the package has arrived | what time is dinner | I'm leaving the office now | we are waiting |
    I found your phone | congratulations on the new job | see you soon | the door is open |
    we should go to the beach | did you feed the cat | the flight landed early | I miss you |
    I'm at the airport | bring an umbrella | I finished the report | sorry for the noise""",
    """I'm leaving now | we are running late | the flight is delayed | dinner is cancelled |
    I'm stuck at the office | don't forget the keys | see you at the airport |
    thanks for dinner | can you bring the tickets | I can't find my phone | we are almost there |
    are you home | happy new year | please feed the cat | let's meet at the station |
    I'm waiting at the café | congratulations | the report is ready | good night |
    what time is the train | call me back | I will be home soon | the kids are at the beach""",
)
_listed(
    "phone_type",
    """mobile | work phone | home number | office line | cell phone | private number |
    landline""",
    """home phone | work number | office number""",
)
_listed(
    "phrase",
    """good morning | thank you very much | where is the station | how are you | I am hungry |
    the bill please | good night | I need a doctor | how much is this | see you tomorrow |
    nice to meet you | excuse me | I would like a coffee | where is the bathroom |
    happy birthday | what is your name | do you speak English | I am lost | one ticket please |
    the food is delicious | my name is Anna | have a nice day | I love this city |
    is this seat free""",
    """good evening | where is the airport | how old are you | I need a taxi | thank you |
    I would like a tea | what time is it | two tickets please | I am tired | merry Christmas |
    where is the hotel | have a nice trip | my name is Tom | the bathroom is broken |
    see you soon""",
)
_listed(
    "language",
    """German | French | Spanish | Italian | Japanese | Polish | Dutch | Turkish | Greek |
    Russian | Arabic | Swedish | Hindi | Danish | Hungarian | Ukrainian | Romanian | Swahili |
    Catalan | Mandarin | Thai | Icelandic""",
    """Portuguese | Korean | Norwegian | Czech | Finnish | Hebrew | Croatian | Vietnamese""",
)
_listed(
    "topic",
    """football | politics | climate change | the economy | science | technology |
    the elections | Formula One | space travel | the stock market | cinema |
    artificial intelligence | tennis | health | the Olympics""",
    """basketball | electric cars | education | the climate summit | inflation | cycling |
    robotics | the housing market | medicine | the World Cup""",
)

# --- calendar, lists and tasks ---------------------------------------------------------------

_listed(
    "timer_name",
    """pasta | pizza | egg | tea | laundry | workout | nap | rice | study | cake | oven | bread |
    chicken | meditation | homework | sauce""",
    """coffee | cookie | lasagna | yoga | soup | potato | exercise | dishwasher | rest |
    roast""",
)
_listed(
    "event_name",
    """dentist appointment | team meeting | lunch | yoga class | birthday party |
    project review | job interview | parent evening | board meeting | haircut |
    football practice | coffee break | doctor's appointment | concert | budget meeting | dinner |
    piano lesson | staff meeting | weekly review | guitar lesson | conference call | wedding |
    school play | book club | Spanish class""",
    """dinner party | sales meeting | eye appointment | pilates class | design review | brunch |
    swimming lesson | planning meeting | garden party | choir practice | phone interview |
    German class | vet appointment | film night | marketing call""",
)
_listed(
    "task",
    """buy milk | call the dentist | water the plants | take out the trash | pay the rent |
    pick up the kids | send the report | feed the cat | book a hotel | renew my passport |
    buy a present for Zoë | clean the kitchen | return the library books | take my medicine |
    charge the car | walk the dog | check the oven | pay the electricity bill | do the laundry |
    wash the car | cancel the gym membership | print the tickets | update my résumé |
    order new glasses | bring the documents | iron my shirt""",
    """buy bread | call the bank | water the garden | pay the phone bill | pick up the laundry |
    send the invoice | feed the dog | book a table | renew my licence | clean the bathroom |
    return the shoes | take my vitamins | charge my phone | walk the puppy | wash the windows |
    print the report | order a cake for José | bring the keys | check my tyres""",
)
_listed(
    "item",
    """milk | eggs | bread | butter | bananas | apples | rice | pasta | tomatoes | coffee |
    cheese | jalapeños | crème fraîche | orange juice | toilet paper | dish soap |
    chicken breast | onions | olive oil | dark chocolate | oat milk | yoghurt | batteries |
    shampoo | potatoes | sugar | sparkling water | green tea | toothpaste | cat food |
    light bulbs""",
    """carrots | flour | apple juice | açaí | paper towels | chicken wings | garlic | soy milk |
    white chocolate | sea salt | black tea | dog food | jalapeño sauce | peanut butter |
    mushrooms | sour cream | dish towels | lemons | candles | honey""",
)
_counted(
    "quantity",
    [
        *("two bottles of", "three cans of", "a kilo of", "six packs of", "a dozen", "a bag of"),
        *(
            "two kilos of",
            "500 grams of",
            "a bottle of",
            "three bags of",
            "four cans of",
            "a pack of",
        ),
        *(
            "a box of",
            "five cans of",
            "2 litres of",
            "half a kilo of",
            "three boxes of",
            "ten packs of",
        ),
        *("250 grams of", "two packs of", "a can of", "6 bottles of", "3 litres of", "two bags of"),
        *(
            "four boxes of",
            "750 grams of",
            "12 cans of",
            "three kilos of",
            "one bag of",
            "five bottles of",
        ),
    ],
)
_listed(
    "list_name",
    """shopping | grocery | to-do | packing | party | camping | Christmas | weekend | picnic |
    barbecue | office | kitchen""",
    """supermarket | holiday | birthday | pharmacy""",
)

# --- home ------------------------------------------------------------------------------------

_listed(
    "room",
    """kitchen | living room | bedroom | bathroom | hallway | garage | office | kids' room |
    attic | guest room | garden | playroom | terrace | laundry room | cellar | guest bathroom |
    stairs | conference room | workshop""",
    """dining room | basement | balcony | entrance hall | main bedroom | music room | gym""",
)
_listed(
    "device",
    """lights | lamp | heater | fan | TV | air conditioner | coffee machine | blinds | radio |
    dishwasher | floor lamp | speakers | vacuum cleaner | night light | washing machine | oven |
    projector | sprinkler | reading lamp | ceiling fan | shutters""",
    """ceiling light | table lamp | stereo | humidifier | curtains | kettle | air purifier |
    rice cooker""",
)
_listed(
    "color",
    """red | blue | green | warm white | purple | yellow | pink | cold white | dark blue |
    violet | light green | bright red | gold | dark orange""",
    """orange | light blue | turquoise | dark red | soft white""",
)
_counted("level", [f"{n}{sign}" for sign in ("%", " percent") for n in range(5, 100, 5)])
_counted(
    "temperature",
    [
        *(f"{n} degrees" for n in range(15, 29)),
        *(f"{n}°" for n in range(16, 26)),
        *(f"{n}.5 degrees" for n in range(17, 24)),
        *(f"{n} °C" for n in range(17, 25)),
        *(f"{n} degrees Fahrenheit" for n in range(62, 76, 2)),
    ],
)
_listed(
    "weather_condition",
    """rain | snow | sunny | cloudy | windy | hot | cold | foggy | a thunderstorm | humid | icy |
    a heatwave | mild | rainy | below zero | a storm""",
    """hail | stormy | warm | freezing | a snowstorm | chilly""",
)
_counted("party_size", [*(str(n) for n in range(2, 13)), *_HOURS[1:10], "the two of us"])
_counted(
    "amount",
    [
        str(n)
        for n in (5, 10, 15, 20, 25, 30, 40, 50, 75, 80, 100, 120, 150, 200, 250, 300, 450, 500)
    ]
    + ["1,000", "1,500", "2,000", "a hundred", "99.90", "3,500", "19.99", "49.50", "7.25", "12.80"]
    + ["thirty", "fifty", "a thousand", "twenty", "ten", "two hundred"],
)
_listed(
    "currency",
    """dollars | euros | Swiss francs | pounds | yen | pesos | Danish kroner | złoty | rupees |
    Canadian dollars | Brazilian reais | Turkish lira | Australian dollars | Mexican pesos""",
    """Norwegian kroner | forints | British pounds | US dollars | Argentine pesos |
    Indian rupees""",
)
