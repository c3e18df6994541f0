# ruff: noqa: RUF001 (other scripts are the point)
"""Common given names and surnames of many languages: a list, and nothing more.

What belongs here: names that are not also everyday words, months, colours or places.
What does not: how a name is recognised (patterns.py, samples.py).

Typed from general knowledge. A rare name is not in it: the shape of a whole column tells then.
"""

__all__ = ["GIVEN", "SURNAMES"]

GIVEN = (
    "james john robert michael william david richard joseph thomas charles christopher daniel "
    "matthew anthony donald steven paul andrew joshua kenneth kevin brian george timothy ronald "
    "edward jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott "
    "brandon benjamin samuel gregory alexander patrick frank raymond dennis jerry tyler aaron "
    "jose adam nathan henry douglas zachary peter kyle noah ethan jeremy walter keith roger "
    "terry sean gerald carl harold arthur lawrence jesse dylan bryan joe billy bruce gabriel "
    "logan alan juan luis carlos miguel pedro jorge pablo antonio francisco manuel alejandro "
    "diego fernando ricardo oliver harry liam simon colin graham nigel ian stuart neil gareth "
    "rhys owen declan conor hans klaus jürgen wolfgang stefan andreas matthias sebastian "
    "florian lukas felix jan pierre jean jacques michel philippe françois nicolas julien "
    "antoine luca marco matteo giuseppe giovanni mohammed muhammad mohamed ahmed ali omar "
    "hassan ibrahim yusuf raj rahul amit vikram arjun wei hiroshi kenji ivan dmitri sergei "
    "vladimir igor piotr tomasz jakub erik lars mary patricia jennifer linda elizabeth barbara "
    "susan jessica sarah karen lisa nancy betty sandra margaret ashley kimberly emily donna "
    "michelle carol amanda melissa deborah stephanie rebecca sharon laura cynthia dorothy amy "
    "kathleen angela shirley emma brenda pamela nicole anna samantha katherine christine helen "
    "debra rachel carolyn janet maria catherine heather diane olivia julie joyce ruth evelyn "
    "hannah andrea megan cheryl jacqueline martha teresa ann sara kathryn janice judy theresa "
    "beverly denise marilyn danielle brittany diana abigail jane natalie lori alexis "
    "tiffany kayla sophia sophie isabella charlotte mia chloe lucy alice fiona siobhan aoife "
    "niamh gillian lorraine moira ursula ingrid heike sabine petra monika claudia katrin anja "
    "birgit susanne marie camille céline élodie sylvie isabelle carmen lucia elena sofia "
    "valentina francesca giulia chiara fatima aisha layla zainab priya anjali deepa mei yuki "
    "sakura natasha olga svetlana irina katarzyna agnieszka astrid bob jim tom bill mike dave "
    "steve chris tony kate jenny peggy leonie jackie zoe "
    # Polish, Czech, Hungarian, Romanian
    "krzysztof paweł michał marcin grzegorz łukasz wojciech małgorzata magdalena joanna beata "
    "ewa zofia jiří tomáš lukáš kateřina zuzana lenka jana tereza lászló istván zoltán katalin "
    "zsuzsanna ágnes andrei mihai ioana alexandru bogdan "
    # Spanish, Portuguese, Italian, French
    "maría josé álvaro íñigo rocío begoña pilar mercedes dolores concepción joaquín ramón ángel "
    "raúl sergio adrián joão paulo rafael beatriz inês catarina tiago gonçalo mariana fernanda "
    "alessandro francesco lorenzo andrea roberta silvia paola federica martina laurent olivier "
    "stéphane guillaume thierry benoît aurélie margaux nathalie véronique sandrine "
    # German, Dutch, Nordic, Finnish
    "günther dieter uwe jörg holger ralf torsten helga renate gisela brigitte silke annette "
    "ulrike "
    "johannes willem pieter jeroen sander femke marieke anneke bjørn håkon øystein solveig "
    "sigrid "
    "ingeborg torbjörn björn gunnar henrik mats åse kari liv maja freja mikkel rasmus søren "
    "mette "
    "kirsten matti jukka pekka timo aino eeva päivi tuula "
    # Turkish, Greek
    "ayşe fatma zeynep elif emine hatice mehmet mustafa hüseyin emre murat ahmet özlem "
    "γιώργος μαρία δημήτρης ελένη νίκος κατερίνα κώστας γιάννης βασιλική σοφία παναγιώτης "
    # Russian, Ukrainian
    "иван мария сергей ольга дмитрий анна алексей наталья владимир елена андрей татьяна михаил "
    "екатерина александр светлана николай ирина юлия павел евгений анастасия оксана тарас "
    "тетяна микола олена dmitry alexei sergey yulia anastasia tatiana ekaterina "
    # Arabic, Persian, Indian, East Asian, African
    "khalid abdullah abdul youssef mariam khadija noor samira reza maryam sunita rajesh lakshmi "
    "deepika sanjay suresh ramesh anita kavita pooja neha aarav ravi nguyễn trần phạm minh linh "
    "jing xiao yan hui takashi keiko haruto chinedu ngozi oluwaseun adaeze emeka yetunde "
    "kwame kofi amina thandiwe sipho"
)
SURNAMES = (
    "smith johnson williams jones garcia miller davis rodriguez martinez hernandez lopez "
    "gonzalez wilson anderson thomas taylor moore jackson martin lee perez thompson harris "
    "sanchez clark ramirez lewis robinson walker allen wright torres nguyen adams nelson baker "
    "hall rivera campbell mitchell carter roberts evans edwards collins stewart morris murphy "
    "cook rogers morgan cooper peterson reed bailey kelly howard kim cox ward richardson watson "
    "brooks wood bennett hughes patel khan singh shah ali ahmed chen wang zhang liu li yang "
    "tanaka suzuki müller schmidt schneider fischer weber meyer wagner becker schulz hoffmann "
    "schäfer koch bauer dubois durand leroy moreau laurent rossi russo ferrari bianchi ivanov "
    "petrov kowalski nowak hansen johansson andersen nielsen silva santos oliveira souza "
    "o'brien o'connor o'neill macdonald sullivan okafor "
    "wiśniewski wójcik kamiński lewandowski zieliński szymański woźniak dąbrowski novák svoboda "
    "dvořák nagy kovács szabó popescu ionescu garcía fernández lópez gonzález rodríguez martínez "
    "sánchez pérez gómez díaz muñoz ferreira pereira costa romano ricci bruno bernard petit "
    "richard "
    "jansen visser bakker olsen larsen pedersen jensen lindqvist bergström korhonen virtanen "
    "yılmaz kaya demir çelik öztürk παπαδόπουλος γεωργίου δημητρίου иванов петров сидоров "
    "кузнецов "
    "попов соколов лебедев козлов новиков шевченко коваленко бондаренко sharma iyer reddy gupta "
    "chatterjee nair menon kulkarni kumar hussain begum okonkwo adeyemi balogun nwosu abubakar "
    "mensah dlamini park choi tran pham sato yamamoto"
)
