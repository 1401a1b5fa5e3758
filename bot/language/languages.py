"""Whether a message is in another language than English, by its little words and its letters."""

from __future__ import annotations

import re
import unicodedata

from bot.language.tokens import Words

# Words that English does not have; a second list holds those that only count beside another one.
_SURE = frozenset(
    """
    que qué cual cuál cuanto cuánto cuánta como cómo está esta están puedo quiero precio acciones hoy ayer
    mañana compra comprar vender deberia debería significa explicame explícame dime cuando cuándo donde dónde
    mercado bolsa tasa hola gracias grafico gráfico muestra muéstrame dolares dólares cuántos cuantos una los
    las del por para pero porque sube baja cotiza vale tipo cambio es el wie viel steht ist der das ein eine
    einen und nicht auf kurs aktie aktien heute gestern morgen kaufen verkaufen verkauf soll sollte ich du was
    bedeutet erklaere erkläre zeig zeige mir bitte warum wann wo wer zinssatz leitzins preis zum gibt hat gerade
    gegen über unterschied zwischen dem den des mit von quoi quel quelle quels est le les une dans pour avec sur
    prix cours aujourd hui hier demain acheter vendre dois je veut dire explique moi combien vaut quand pourquoi
    marché bourse action taux bonjour salut merci c'est cest qu'est l'action d'apple che cosa cos'è come quanto
    costa oggi ieri domani comprare vendere prezzo azioni azione mercato spiegami il gli della dello sono ciao
    grazie qual è perché tasso custa hoje ontem amanhã ação ações preço você voce devo olá obrigado um uma não
    nao wat betekent koers aandeel vandaag hoe gaat het een van moet ik kopen verkopen leg uit waarom hvad vad
    betyder är hur mycket kostar kurssi mikä on paljonko nedir ne kadar fiyatı hisse bugün almalı mıyım dolar
    kaç nasıl co to jest ile kosztuje akcje cena dzisiaj jaki jaka czym oznacza apa itu berapa harga saham
    adalah proszę czy kupić jaká mennyi ára
    """.split()
)
_ALSO_ENGLISH = frozenset(
    """
    es el on ne in die was come me to as no so he an hat den des van gibt action co du je une est cours como
    hier per mit vale um le il moi i hui baja ile qual mi un tipo bolsa cena dime esta leg wo wer dem mercado
    """.split()
)
_HARD = _SURE - _ALSO_ENGLISH
_LATIN = re.compile(r"[a-z]")


_PRICE = re.compile(
    r"\b(?:vale|precio|cuesta|cotiza|preço|preco|custa|costa|prezzo|kostet|kurs|preis|steht|prix|vaut"
    r"|cours|koers|prijs|fiyat\w*|harga|kosztuje|cena)\b"
)


def asks_price(words: Words) -> bool:
    """Whether a message in another language asks what something costs."""
    return bool(_PRICE.search(words.line))


def is_foreign(text: str, words: Words) -> bool:
    """Whether most letters are of another script, or the little words are another language's."""
    letters = [c for c in text if c.isalpha()]
    if letters and not text.isascii():
        other = sum(1 for c in letters if not _is_latin(c))
        if other * 2 > len(letters):
            return True
    lows = [word.low for word in words.words if not word.is_tag]
    hard = sum(low in _HARD for low in lows)
    soft = sum(low in _SURE for low in lows)
    return hard >= 2 or (hard >= 1 and (soft >= 2 or len(lows) <= 4)) or (bool(lows) and lows[0] == "was" and hard >= 1)


def _is_latin(letter: str) -> bool:
    return bool(_LATIN.match(letter.lower())) or unicodedata.name(letter, "").startswith(("LATIN", "GREEK"))
