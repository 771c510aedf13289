"""The sentences of the built-in assistant: for each intent, those of training and unseen ones.

A line is a template. `(a|b)` is a choice, `[a]` may be left out, `{slot}` is a value of the pool of
that name, `{slot:pool}` one of another pool. `UNSEEN` says the same in other orders, with words
that training knows around its slots.
"""

from __future__ import annotations

_DATE = "({date}|on {date:day})"

_SEEN = {
    "set_timer": """
        (set|start) a timer for {duration}
        [start a] timer for {duration}
        (set|start) a {duration:duration_adjective} timer
        I need a timer for {duration}
        set a {timer_name} timer for {duration}
        start the {timer_name} timer with {duration}
        create a timer called {timer_name} for {duration}
        count down {duration}
        count down {duration} for the {timer_name}
        let me know when {duration} have passed
        give me {duration} on the timer
        add a timer of {duration} for the {timer_name}
        time the {timer_name} for {duration}
        make it a {duration:duration_adjective} timer for the {timer_name}
    """,
    "set_alarm": """
        set an alarm for {time} [DATE]
        set the alarm to {time} {recurrence}
        wake me up at {time} [DATE]
        wake me [up] {recurrence} at {time}
        I need to be up by {time} DATE
        I want to get up at {time} {recurrence}
        alarm at {time} [DATE]
        add an alarm DATE at {time}
        create an alarm for {time} {recurrence}
        I have to wake up at {time} [DATE]
        DATE I want an alarm at {time}
        make an alarm for {time} [please]
    """,
    "cancel_alarm": """
        cancel my alarm for {time} [DATE]
        cancel the {time} alarm
        turn off the alarm at {time}
        delete (my|the) alarm DATE
        delete the {recurrence} alarm
        remove the alarm (I set|) for {time}
        I don't need the {time} alarm [anymore]
        stop the alarm that rings at {time}
        don't wake me [up] DATE
        switch off all alarms DATE
        cancel all alarms [DATE]
    """,
    "get_weather": """
        what's the weather [like] in {city} [DATE]
        what is the weather (going to be|) like DATE [in {city}]
        how is the weather in {city} DATE
        will it be {weather_condition} in {city} [DATE]
        will there be {weather_condition} DATE [in {city}]
        is it {weather_condition} in {city} [right now]
        do I need an umbrella in {city} [DATE]
        [show me the] weather forecast for {city} [DATE]
        give me the forecast for {city}
        how warm is it in {city} [DATE]
        DATE will it be {weather_condition} in {city}
        tell me if it will be {weather_condition} DATE
        any chance of {weather_condition} in {city} [DATE]
    """,
    "play_music": """
        play {song} by {artist}
        play the song {song} [by {artist}]
        play some {genre} [music]
        play something by {artist}
        play my {playlist} playlist
        play the playlist {playlist}
        put on {song} by {artist}
        put on some {genre} music
        I want to (hear|listen to) {song} by {artist}
        I want to listen to [some] {genre}
        I feel like listening to {artist}
        start the {playlist} playlist
        listen to the song {song}
        let me hear the album by {artist}
        shuffle the playlist (called|) {playlist}
        play the {genre} song {song}
        play {artist}
    """,
    "add_to_playlist": """
        add {song} to my {playlist} playlist
        add {song} by {artist} to [the playlist] {playlist}
        add the song {song} to the {playlist} playlist
        put {song} on my {playlist} playlist
        put the song {song} by {artist} in the playlist {playlist}
        add this track by {artist} to {playlist}
        include {song} in my {playlist} playlist
        save {song} by {artist} to my playlist {playlist}
        I want {song} in my playlist called {playlist}
        my {playlist} playlist needs {song} by {artist}
        add some {artist} to my {playlist} playlist
    """,
    "send_message": """
        send a message to {contact} saying {message}
        send {contact} a message saying {message}
        text {contact} {message}
        text {contact} that {message}
        tell {contact} that {message}
        tell {contact} {message}
        message {contact} and say {message}
        write {contact} that {message}
        write a text to {contact}: {message}
        let {contact} know that {message}
        new message to {contact}: {message}
        send the message {message} to {contact}
        ask {contact} {message}
        reply to {contact} that {message}
    """,
    "make_call": """
        call {contact} [on (his|her|the) {phone_type}]
        phone {contact}
        give {contact} a call
        I (want|need) to (call|speak to) {contact}
        dial {contact}'s {phone_type}
        call the {phone_type} of {contact}
        make a [video] call to {contact}
        start a video call with {contact}
        get {contact} on the line
        ring {contact} [on the {phone_type}]
        connect me with {contact}
    """,
    "create_event": """
        schedule a {event_name} DATE at {time}
        schedule a {event_name} with {contact} [at {time}]
        put a {event_name} in my calendar DATE
        add a {event_name} to my calendar DATE at {time}
        create an event called {event_name} DATE
        book a {event_name} with {contact} DATE [at {time}]
        I have a {event_name} at {time} DATE, add it to my calendar
        plan a {event_name} with {contact} for {time} DATE
        new event: {event_name} at {time} DATE
        set up a {event_name} {recurrence} at {time}
        make an appointment with {contact} DATE at {time}
        invite {contact} to the {event_name} DATE
        block my calendar DATE for the {event_name}
    """,
    "query_calendar": """
        what's on my calendar DATE
        what do I have planned DATE
        do I have anything planned DATE [at {time}]
        when is my [next] {event_name}
        what time is the {event_name} [DATE]
        am I free DATE [at {time}]
        show [me] my schedule for {date:day}
        show me my appointments DATE
        is there a {event_name} in my calendar [DATE]
        when do I meet {contact} [DATE]
        do I have a {event_name} with {contact} DATE
        what does my day look like DATE
        read me my calendar for {date}
        who is coming to the {event_name}
    """,
    "set_reminder": """
        remind me to {task} [DATE]
        remind me to {task} at {time} [DATE]
        remind me at {time} to {task}
        remind me {recurrence} to {task}
        set a reminder to {task} [DATE]
        DATE remind me to {task}
        don't let me forget to {task} [DATE]
        I need to remember to {task} [DATE]
        add a reminder for {time} to {task}
        create a reminder to {task} {recurrence}
        can you make sure I {task} DATE
        reminder: {task} [DATE] [at {time}]
        I must not forget to {task} [DATE]
    """,
    "navigate": """
        (navigate|drive) to {place}
        take me to {place} [by {travel_mode}]
        how do I get to {place} [by {travel_mode}]
        [give me] directions to {place}
        show me the way to {place}
        what is the fastest way to {place} by {travel_mode}
        how long does it take to {place} by {travel_mode}
        start navigation to {place}
        find a route to {place} [in {city}]
        how far is it to {place}
        I (want|need) to go to {place}
        route from {place} to {place}
        bring me to {place} in {city}
    """,
    "book_restaurant": """
        book a table for {party_size} at {restaurant} [DATE]
        reserve a table at {restaurant} for {party_size} at {time}
        find [me] a {cuisine} restaurant in {city}
        I want to eat {cuisine} food [DATE]
        make a reservation at {restaurant} DATE [at {time}]
        book a {cuisine} restaurant for {party_size} people [in {city}]
        I'd like a table for {party_size} people DATE
        reserve a table for {party_size} in a {cuisine} place in {city}
        get us a table at {restaurant} at {time}
        is there a good {cuisine} restaurant in {city}
        we are {party_size} people and want to eat at {restaurant} [DATE]
        book {restaurant} for {party_size} at {time} DATE
    """,
    "add_to_list": """
        add {item} to my {list_name} list
        add {quantity} {item} to the {list_name} list
        put {item} on my {list_name} list
        put {quantity} {item} on the [{list_name}] list
        add {item} and {item} to the {list_name} list
        we need {quantity} {item}
        we are out of {item}
        I need to buy {quantity} {item}
        [please] write {item} on the {list_name} list
        note {quantity} {item} for the {list_name} list
        my {list_name} list needs {item}
        include {item} in the {list_name} list
        buy {quantity} {item} and {item}
    """,
    "control_device": """
        turn (on|off) the {device} in the {room}
        turn the {device} (on|off)
        turn the {room} {device} (on|off)
        switch (on|off) the {room} {device}
        switch the {device} in the {room} (on|off)
        start the {device} [in the {room}]
        make the {device} in the {room} {color}
        set the {room} {device} to {color}
        set the {device} to {level}
        dim the {device} in the {room} to {level}
        change the colour of the {room} {device} to {color}
        is the {device} in the {room} still on
        make sure the {room} {device} is off
        stop the {device} [in the {room}]
    """,
    "set_temperature": """
        set the temperature [in the {room}] to {temperature}
        set the thermostat to {temperature} [in the {room}]
        make it {temperature} in the {room}
        heat the {room} to {temperature}
        cool the {room} down to {temperature}
        turn the heating [in the {room}] (up|down) to {temperature}
        I want {temperature} in the {room} [DATE]
        change the {room} temperature to {temperature}
        keep the {room} at {temperature}
        lower the temperature to {temperature} at {time}
        the {room} should be {temperature}
    """,
    "translate": """
        translate {phrase} (to|into) {language}
        how do you say {phrase} in {language}
        what is {phrase} in {language}
        what's the {language} word for {phrase}
        say {phrase} in {language}
        how do I say {phrase} in {language}
        tell me how to say {phrase} in {language}
        [I need a] {language} translation of {phrase}
        can you translate {phrase} from {language} (to|into) {language}
        what does {phrase} mean in {language}
    """,
    "find_flight": """
        find [me] a flight from {from_city:city} to {to_city:city} [DATE]
        book a flight to {to_city:city} DATE
        book me a flight from {from_city:city} to {to_city:city} with {airline}
        show me flights to {to_city:city} [DATE]
        are there any {airline} flights to {to_city:city} DATE
        I want to fly to {to_city:city} [DATE]
        I need to fly from {from_city:city} to {to_city:city} DATE
        search for flights from {from_city:city} to {to_city:city}
        how much is a flight to {to_city:city} [with {airline}]
        what's the cheapest flight from {from_city:city} to {to_city:city} [DATE]
        when does the {airline} flight from {from_city:city} arrive
        fly me from {from_city:city} to {to_city:city} with {airline} DATE
    """,
    "convert_currency": """
        convert {amount} {currency} (to|into) {currency}
        how much is {amount} {currency} in {currency}
        how many {currency} are {amount} {currency}
        what is {amount} {currency} in {currency}
        change {amount} {currency} to {currency}
        what's the exchange rate from {currency} to {currency}
        tell me how many {currency} I get for {amount} {currency}
        {amount} {currency} in {currency}
        what are {amount} {currency} worth in {currency}
    """,
    "get_news": """
        what's the news about {topic} [DATE]
        tell me the [latest] news about {topic}
        any news on {topic} [DATE]
        read me the headlines about {topic}
        what happened in {city} [DATE]
        [give me] the latest on {topic}
        show me the news from {city}
        I want to hear about {topic}
        are there any headlines on {topic}
        play the news about {topic}
        what's new in {topic}
    """,
}

_UNSEEN = {
    "set_timer": """
        I need a {duration:duration_adjective} timer for the {timer_name}
        start a timer called {timer_name} for {duration}
        set the timer to {duration}
        let me know when {duration} are over
        create a {duration:duration_adjective} timer
        start the {timer_name} timer for {duration}
        add a {timer_name} timer of {duration}
        give me a timer for {duration}
        put {duration} on the {timer_name} timer
    """,
    "set_alarm": """
        I need an alarm for {time} DATE
        wake me DATE at {time}
        set an alarm at {time} {recurrence}
        get me up at {time} DATE
        add an alarm for {time} {recurrence}
        {recurrence} I want an alarm at {time}
        I have to be up by {time} {recurrence}
        I want to wake up at {time} DATE
        please create an alarm at {time}
    """,
    "cancel_alarm": """
        delete the {time} alarm DATE
        remove my alarm DATE
        I don't need an alarm DATE
        switch off the alarm for {time}
        turn off the {recurrence} alarm
        cancel the alarm that rings {recurrence}
        stop all alarms DATE
        delete the alarm I set for {time}
        don't wake me at {time} [anymore]
    """,
    "get_weather": """
        tell me the weather in {city} [DATE]
        what will the weather be like in {city} DATE
        is there a chance of {weather_condition} DATE
        show me the forecast DATE in {city}
        is it going to be {weather_condition} in {city} DATE
        how cold is it in {city}
        do we need an umbrella DATE in {city}
        will {city} be {weather_condition} DATE
        how is the weather going to be DATE
    """,
    "play_music": """
        I want to hear some {genre} music
        put on something by {artist}
        start playing {song} by {artist}
        please play the album by {artist}
        shuffle my {playlist} playlist
        let me listen to the song {song}
        play some music by {artist}
        I feel like listening to some {genre}
        put on the playlist {playlist}
    """,
    "add_to_playlist": """
        put {song} by {artist} on my {playlist} playlist
        save the song {song} to my {playlist} playlist
        include the track {song} by {artist} in the playlist {playlist}
        add {song} to the playlist called {playlist}
        I want the song {song} in my {playlist} playlist
        my playlist {playlist} needs some {artist}
        put something by {artist} in my {playlist} playlist
        add the track {song} to {playlist}
        please save {song} to the {playlist} playlist
    """,
    "send_message": """
        send a text to {contact} saying {message}
        write a message to {contact} and say {message}
        text {contact} and say that {message}
        please let {contact} know {message}
        message {contact} that {message}
        tell {contact} by text that {message}
        send {contact} the message {message}
        reply to {contact} and say {message}
        I want to tell {contact} that {message}
    """,
    "make_call": """
        make a phone call to {contact}
        I need to phone {contact} [on the {phone_type}]
        call {contact}'s {phone_type}
        please ring {contact} now
        start a call with {contact}
        give {contact} a ring
        dial the {phone_type} of {contact}
        get me {contact} on the phone
        I want a video call with {contact}
    """,
    "create_event": """
        add a {event_name} with {contact} to my calendar DATE
        plan a {event_name} DATE at {time}
        create a {event_name} in my calendar at {time} DATE
        put the {event_name} with {contact} in my calendar at {time}
        schedule a {event_name} {recurrence}
        new appointment with {contact} at {time} DATE
        set up a {event_name} with {contact} DATE
        make an event called {event_name} at {time}
        book the {event_name} for {time} DATE
    """,
    "query_calendar": """
        what do I have on my calendar DATE
        show me what is planned DATE
        at what time is my {event_name} DATE
        is my calendar free DATE [at {time}]
        do I meet {contact} DATE
        read me my appointments for {date:day}
        when is the {event_name} with {contact}
        what does my schedule look like DATE
        is there anything in my calendar DATE at {time}
    """,
    "set_reminder": """
        set a reminder for {time} to {task}
        can you remind me to {task} {recurrence}
        at {time} remind me to {task}
        I must remember to {task} DATE
        create a reminder DATE to {task}
        don't let me forget to {task} at {time}
        make sure I don't forget to {task} [DATE]
        I need a reminder to {task} [DATE]
        add a reminder to {task} DATE at {time}
    """,
    "navigate": """
        find the fastest way to {place}
        I want directions to {place} by {travel_mode}
        start a route to {place}
        how long is the drive to {place}
        show me how to get to {place} by {travel_mode}
        give me the route to {place} in {city}
        how far is {place} by {travel_mode}
        please navigate me to {place}
        what is the way from {place} to {place}
    """,
    "book_restaurant": """
        reserve {restaurant} for {party_size} people DATE
        find a table for {party_size} at {restaurant} at {time}
        I want a reservation at {restaurant} DATE
        is there a {cuisine} place in {city}
        book us a table in a {cuisine} restaurant
        get me a table for {party_size} DATE at {time}
        we want to eat {cuisine} food in {city}
        make a reservation for {party_size} people at {restaurant}
        I'd like to eat at {restaurant} at {time} DATE
    """,
    "add_to_list": """
        put {item} and {item} on the {list_name} list
        please add {item} to our {list_name} list
        write {quantity} {item} on my {list_name} list
        I need {quantity} {item}
        include {quantity} {item} in my {list_name} list
        note {item} on the {list_name} list
        we need to buy {item}
        the {list_name} list needs {quantity} {item}
        we are out of {item}, put it on the {list_name} list
    """,
    "control_device": """
        switch the {room} {device} (on|off)
        is the {room} {device} on
        please turn the {device} in the {room} (on|off)
        dim the {room} {device} to {level}
        change the {device} in the {room} to {color}
        set the {device} in the {room} to {level}
        make the {room} {device} {color}
        make sure the {device} in the {room} is (on|off)
        start the {room} {device}
    """,
    "set_temperature": """
        set the {room} to {temperature}
        turn the thermostat (up|down) to {temperature}
        change the temperature in the {room} to {temperature}
        keep the temperature in the {room} at {temperature}
        make the {room} {temperature}
        set the heating to {temperature} in the {room}
        I want the {room} to be {temperature}
        cool it down to {temperature} in the {room}
        lower the {room} temperature to {temperature}
    """,
    "translate": """
        what do you say for {phrase} in {language}
        how is {phrase} in {language}
        give me the {language} word for {phrase}
        say the words {phrase} in {language}
        I want to say {phrase} in {language}
        translate {phrase} for me into {language}
        what is the {language} translation of {phrase}
        how can I say {phrase} in {language}
        tell me what {phrase} is in {language}
    """,
    "find_flight": """
        search for a flight to {to_city:city} DATE
        show me {airline} flights from {from_city:city} to {to_city:city}
        I want to book a flight from {from_city:city} to {to_city:city} DATE
        find flights with {airline} to {to_city:city}
        how much is it to fly from {from_city:city} to {to_city:city}
        is there a flight from {from_city:city} to {to_city:city} DATE
        what's the cheapest {airline} flight to {to_city:city}
        I need a flight to {to_city:city} with {airline} DATE
        book me the {airline} flight from {from_city:city}
    """,
    "convert_currency": """
        change {amount} {currency} into {currency}
        what do I get for {amount} {currency} in {currency}
        how many {currency} do I get for {amount} {currency}
        tell me how much {amount} {currency} are in {currency}
        please convert {amount} {currency} to {currency}
        what is the exchange rate of {currency} to {currency}
        how much are {amount} {currency} worth in {currency}
        convert from {currency} to {currency}: {amount}
        I want to change {amount} {currency} into {currency}
    """,
    "get_news": """
        what is the latest news on {topic}
        read me the news about {topic}
        show me the headlines on {topic} [DATE]
        tell me the news from {city}
        are there any news about {topic} [DATE]
        give me the headlines from {city}
        I want to hear the latest about {topic}
        what's the latest on {topic} [DATE]
        what happened DATE in {city}
    """,
}


def _lines(table: dict[str, str]) -> dict[str, list[str]]:
    return {
        intent: [line.strip().replace("DATE", _DATE) for line in text.strip().splitlines()]
        for intent, text in table.items()
    }


SEEN = _lines(_SEEN)
UNSEEN = _lines(_UNSEEN)

# What a person says around a request, as often as listed here; `POLITE` only before a verb.
BEFORE = ("", "", "", "", "", "hey,", "okay,", "now")
POLITE = ("", "", "", "please", "please", "can you", "could you please", "hey, can you")
AFTER = ("", "", "", "", "", "please", "thanks", "for me")
_VERBS = """
    add ask block book bring buy call cancel change connect convert cool count create delete
    dial dim find fly get give heat include invite keep let lower make message navigate note phone
    plan play put read remind remove reply reserve ring save say schedule search send set show
    shuffle start stop switch take tell text time translate turn wake write
"""
VERBS = frozenset(_VERBS.split())
QUESTIONS = frozenset(
    ("what", "what's", "how", "when", "is", "are", "do", "am", "will", "who", "any")
)
