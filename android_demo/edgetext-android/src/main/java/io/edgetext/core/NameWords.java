package io.edgetext.core;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** Words in and around the names of persons, in the languages of the built-in data set. */
final class NameWords {
    /** Capitals of Latin (of the extended blocks small letters, too), Vietnamese, Greek, Cyrillic. */
    static final String CAPITAL =
            "[A-Z\u00c0-\u00de\u0100-\u027f\u1e00-\u1eff\u0386-\u03ab\u0400-\u042f]";
    static final String NAME = "(?:d'|l'|')?" + CAPITAL + "[A-Za-z\u0080-\uffff'\\-]*";
    static final String AROUND = "(?<![0-9A-Za-z_.@\\-\u0080-\uffff])";
    /** Articles and prepositions in surnames: such as are words of their language as well. */
    static final String OFTEN =
            "de|du|da|do|di|la|le|lo|las|los|les|den|del|der|des|dem|het|op|in|zu|al|el|bin|ben|st";
    /** Those that are not. */
    static final String PARTS =
            "de|van|von|vom|zur|zum|ter|ten|della|delle|degli|dei|dell|dos|das|'t|ibn|af|av";
    static final Pattern SMALL =
            Pattern.compile("(?:" + OFTEN + "|" + PARTS + "|d'|l')", Pattern.CASE_INSENSITIVE);
    /** Words that begin messages and sentences, with a capital then, and are no names. */
    static final Set<String> NO_NAMES =
            setOf(
                    "i hi hello hey here dear thanks please yes sorry bearer cheers regards "
                    + "ask tell with from for and but when if was did has does could would our "
                    + "the this that we they not as ich hallo bitte danke hier nein sie liebe "
                    + "lieber inhaber inhaberin grüße frag sag mit für und aber wenn ist hat "
                    + "ein eine mein meine wie als je bonjour salut merci ici oui non amitiés "
                    + "bises cordialement avec pour mais quand est une mon demande comme hola "
                    + "gracias aquí sí querida querido saludos besos abrazos pero cuando "
                    + "pregunta dile ciao grazie buongiorno ecco sì cara caro baci saluti "
                    + "cordiali quando è il mio chiedi hoi ik ze hij bedankt dank ja nee beste "
                    + "lieve groeten groetjes zoals met voor maar heeft een mijn vraag oi olá "
                    + "obrigado obrigada aqui sim não eu beijos abraços saudações é meu minha "
                    + "pergunta");
    static final String TITLE =
            either(
                    "Mr Mrs Ms Mx Dr Prof Herr Herrn Frau Mme Mlle Monsieur Madame Sr Sra"
                    + " Srta Señor Señora señor señora Doña doña don Signor Signora signor"
                    + " signora Sig Sig.ra sig Dott Dott.ssa dott Meneer Mevrouw Mevr meneer"
                    + " mevrouw mevr Dhr dhr Senhor Senhora senhor senhora");
    static final Pattern TITLES = Pattern.compile(TITLE + "\\.?");
    private static final Pattern NEXT =
            Pattern.compile(
                    " (?:(?:(?:van|von)(?: (?:de[nr]?|het|'t))?|" + PARTS
                            + "|de la|de los|de las) )?" + NAME
                            + "(?![0-9A-Za-z_.@\u0080-\uffff])");
    private static final Pattern NEXT_AFTER_SMALL =
            Pattern.compile(" (?:(?:" + OFTEN + "|" + PARTS + ") ){0,2}" + NAME);

    private NameWords() {}

    /** Where a name ends that goes on with capitals. */
    static int grown(String text, int from, int limit) {
        return grown(text, from, limit, false);
    }

    /** The same; isWhole: with no small word before these. */
    static int grown(String text, int from, int limit, boolean isWhole) {
        int end = from;
        String last = text.substring(text.lastIndexOf(' ', end - 1) + 1, end);
        Pattern after = SMALL.matcher(last).matches() ? NEXT_AFTER_SMALL : NEXT;
        for (int next; (next = Piece.endOf(after, text, end)) >= 0 && next <= limit; after = NEXT) {
            if (isWhole && text.substring(end + 1, next).contains(" ")) {
                break;
            }
            end = next;
        }
        return end;
    }

    static Set<String> setOf(String words) {
        Set<String> all = new HashSet<String>();
        int start = 0;
        for (int end; (end = words.indexOf(' ', start)) >= 0; start = end + 1) {
            all.add(words.substring(start, end));
        }
        all.add(words.substring(start));
        return all;
    }

    static String either(String words) {
        return "(?:" + words.replace(".", "\\.").replace(' ', '|') + ")";
    }

    /** A text with the letters of ASCII small. */
    static String lower(String text) {
        StringBuilder small = new StringBuilder(text);
        for (int i = 0; i < small.length(); i++) {
            char letter = small.charAt(i);
            if (letter >= 'A' && letter <= 'Z') {
                small.setCharAt(i, (char) (letter + 'a' - 'A'));
            }
        }
        return small.toString();
    }
}
