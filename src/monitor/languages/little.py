"""Little words: what every text has, whatever it is about. Two texts are not alike because both say "after"."""

from monitor.languages._kazakh_common import UNCHANGING, words

_ENGLISH = words(
    """
    a about above according added after again against ago all almost along already also although always am among
    an and another any anyone are around as ask asked asks at away back be became because become been before
    began begin being below between both but by call called calls came can cannot come comes could day days did
    do does done down during each either end ended enough even ever every everyone few first five for found four
    from full further gave get gets give given gives go goes going got had half has have he held her here him
    his hold how however if in into is it its itself just keep kept know known last late later least leave left
    less let like local long made make makes many may me men might month months more most much must my near need
    needs never new next nine no nobody none nor not nothing now of off often old on once one only onto open or
    order other others our out over own part people per place put reported reports run said same say saying says
    second see seen set several she should show since six so some someone still stop such take taken takes tell
    than that the their them themselves then there these they third this those three through time times to today
    together told too took toward two under until up upon us use used very via want wanted wants was way we week
    weeks well went were what when where whether which while who whom whose why will with within without women
    would year years yesterday yet you your
    """
)
_RUSSIAN = words(
    """
    а без более больше будет будут бы был была были было быть в вам вас ваш ведь весь вечера вечером вместе
    вместо во возле вокруг вот время все всего всей всем всех всю вся второе второй вчера вы где говорит говорят
    год года году годы да давно даже два две дело день дней дня до долго должен должны другие других другой его
    ее если есть еще же за завтра зачем здесь и из изза или им имеет именно иметь их к каждый как какие какой
    когда которая которого которой котором которую которые который которых кроме кто куда ли лишь лучше людей
    люди людям между меня месяц месяца месяцев месяцы мне многие много могут может можно мы на над надо нам нас
    начала начали наш не него неделе недели неделю нее нет ни нибудь никто ним них ничего но новый ночью ну
    нужно о об обо объяснил объяснили один одна одной около он она они оно опять от отметил отметили очень
    первая первые первый перед по под пока после потом потому почему почти при про просто против прошлой прошлом
    раз ранее рассказал рассказали с сам сама сами само свое своего своей свои своим своих своя себе себя
    сегодня сейчас сказал словам снова со собой сообщает сообщил сообщили среди стал стала стали стало стать
    считает считают так также таки такие такой там твой те тем теперь то тогда того тоже той только том тот
    третий третьи три туда ты у уже утра утром хотя хотят хочет часть чего чей человек чем через что чтобы чье
    эта эти этим этих это этого этой этом этот эту я
    """
)
_KAZAKH = words(
    """
    адам адамдар адамның адамға ай айда айтады айтты айтуынша айтып айы айында ал ала алды апта аптада арқылы
    аталған аға бар барлық бас басқа бен берген берді беретін бері берілмеген беріп бойы бойынша болады болатын
    болды болмай болса болып болған біз бір бірге бірінші бүгін бұл бұны бұрын бұрынғы бұған бәрі бөлігі га да
    де деген деді дейді дейін деп еді екен екенін екі екінші емес енді ері етті ету ешкім ешқандай ең жаты жатыр
    жатқан жақын жаңа жоқ жуық жыл жылдан жылы жылға жүр жүрген жүріп және кейбір кейін керек кеше кім күн күні
    көп көптеген көрі ма ме мен мың мұндай мұны не неге немесе ол олар оларды олардың онда оны оның осы осындай
    отыр отырған оған пен сайын себебі себеп сол сондай сондықтан сонымен соң сөз талап тағы таңертең тек тиіс
    тура туралы түнгі түнде тұр тұрады тұрған шығып шықты іс ішінде ғана қазір қайта қалды қалған қандай қанша
    қарай қарсы қашан үстінде үш үшін үшінші өз өзге өзі өткен
    """
)
LITTLE = _ENGLISH | _RUSSIAN | _KAZAKH | UNCHANGING


def is_little(word: str) -> bool:
    """Whether a folded word says nothing about what a text is about."""
    return word in LITTLE
