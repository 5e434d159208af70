"""The column names of Outlook's and Thunderbird's exports in other languages.

"Their column = the English one", with semicolons between. Where a program has two columns of one
name, the second is written with " (2)".
"""

OUTLOOK_LANGUAGES: dict[str, str] = {
    "de": """
Anrede = Title; Titel = Title; Vorname = First Name; Weitere Vornamen = Middle Name
Nachname = Last Name; Suffix = Suffix; Spitzname = Nickname; Firma = Company
Abteilung = Department; Position = Job Title; Beruf = Profession
Straße geschäftlich = Business Street; Straße geschäftlich 2 = Business Street 2
Straße geschäftlich 3 = Business Street 3; Ort geschäftlich = Business City
Region geschäftlich = Business State; Postleitzahl geschäftlich = Business Postal Code
Land geschäftlich = Business Country; Land/Region geschäftlich = Business Country/Region
Postfach geschäftlich = Business Address PO Box; Straße privat = Home Street
Straße privat 2 = Home Street 2; Straße privat 3 = Home Street 3; Ort privat = Home City
Region privat = Home State; Bundesland/Kanton privat = Home State
Postleitzahl privat = Home Postal Code; Land privat = Home Country
Land/Region privat = Home Country/Region; Postfach privat = Home Address PO Box
Weitere Straße = Other Street; Weitere Straße 2 = Other Street 2
Weitere Straße 3 = Other Street 3; Weiterer Ort = Other City; Weitere Region = Other State
Weiteres/r Bundesland/Kanton = Other State; Weitere Postleitzahl = Other Postal Code
Weiteres Land = Other Country; Weiteres/e Land/Region = Other Country/Region
Weiteres Postfach = Other Address PO Box; Telefon Assistent = Assistant's Phone
Fax geschäftlich = Business Fax; Telefon geschäftlich = Business Phone
Telefon geschäftlich 2 = Business Phone 2; Rückmeldung = Callback; Autotelefon = Car Phone
Telefon Firma = Company Main Phone; Fax privat = Home Fax; Telefon privat = Home Phone
Telefon (privat) = Home Phone; Telefon privat 2 = Home Phone 2; Telefon (privat 2) = Home Phone 2
Mobiltelefon = Mobile Phone; Mobiltelefon 2 = Radio Phone; Weiteres Fax = Other Fax
Weiteres Telefon = Other Phone; Pager = Pager; Haupttelefon = Primary Phone
Telefon für Hörbehinderte = TTY/TDD Phone; E-Mail-Adresse = E-mail Address
E-Mail-Typ = E-mail Type; E-Mail: Angezeigter Name = E-mail Display Name
E-Mail 2: Adresse = E-mail 2 Address; E-Mail 2: Typ = E-mail 2 Type
E-Mail 2: Angezeigter Name = E-mail 2 Display Name; E-Mail 3: Adresse = E-mail 3 Address
E-Mail 3: Typ = E-mail 3 Type; E-Mail 3: Angezeigter Name = E-mail 3 Display Name
Empfohlen von = Referred By; Geburtstag = Birthday; Jahrestag = Anniversary
Kategorien = Categories; Kinder = Children; Name Assistent = Assistant's Name
Assistent(in) = Assistant's Name; Name des/der Vorgesetzten = Manager's Name; Notizen = Notes
Partner = Spouse; Partner/in = Spouse; Sprache = Language; Webseite = Web Page
""",
    "fr": """
Titre = Title; Titre (2) = Job Title; Fonction = Job Title; Civilité = Title; Prénom = First Name
Deuxième prénom = Middle Name; Nom = Last Name; Suffixe = Suffix; Surnom = Nickname
Société = Company; Service = Department; Profession = Profession; Rue (bureau) = Business Street
Rue (bureau) 2 = Business Street 2; Rue (bureau) 3 = Business Street 3
Ville (bureau) = Business City; Dép/Région (bureau) = Business State
Code postal (bureau) = Business Postal Code; Pays (bureau) = Business Country
Pays/Région (bureau) = Business Country/Region; B.P. professionnelle = Business Address PO Box
Rue (domicile) = Home Street; Rue (domicile) 2 = Home Street 2; Rue (domicile) 3 = Home Street 3
Ville (domicile) = Home City; Dép/Région (domicile) = Home State
Code postal (domicile) = Home Postal Code; Pays (domicile) = Home Country
Pays/Région (domicile) = Home Country/Region; B.P. domicile = Home Address PO Box
Rue (autre) = Other Street; Rue (autre) 2 = Other Street 2; Rue (autre) 3 = Other Street 3
Ville (autre) = Other City; Dép/Région (autre) = Other State
Code postal (autre) = Other Postal Code; Pays (autre) = Other Country
Pays/Région (autre) = Other Country/Region; Téléphone de l'assistant(e) = Assistant's Phone
Nom de l'assistant(e) = Assistant's Name; Télécopie (bureau) = Business Fax
Téléphone (bureau) = Business Phone; Téléphone 2 (bureau) = Business Phone 2; Rappel = Callback
Téléphone (voiture) = Car Phone; Téléphone société = Company Main Phone
Télécopie (domicile) = Home Fax; Téléphone (domicile) = Home Phone
Téléphone 2 (domicile) = Home Phone 2; Tél. mobile = Mobile Phone; Télécopie (autre) = Other Fax
Téléphone (autre) = Other Phone; Récepteur de radiomessagerie = Pager
Téléphone principal = Primary Phone; Radio téléphone = Radio Phone
Téléphone TDD/TTY = TTY/TDD Phone; Télex = Telex; Adresse de messagerie = E-mail Address
Adresse de messagerie 2 = E-mail 2 Address; Adresse de messagerie 3 = E-mail 3 Address
Type de messagerie = E-mail Type; Type de messagerie 2 = E-mail 2 Type
Type de messagerie 3 = E-mail 3 Type; Nom complet de l'adresse de messagerie = E-mail Display Name
Nom complet de l'adresse de messagerie 2 = E-mail 2 Display Name
Nom complet de l'adresse de messagerie 3 = E-mail 3 Display Name; Anniversaire = Birthday
Anniversaire de mariage ou fête = Anniversary; Catégories = Categories; Conjoint(e) = Spouse
Enfants = Children; Notes = Notes; Page Web = Web Page; Langue = Language
Nom du responsable = Manager's Name; Recommandé par = Referred By; Sexe = Gender
Initiales = Initials; Priorité = Priority; Emplacement = Location; Passe-temps = Hobby
Compte = Account
""",
    "es": """
Tratamiento = Title; Título = Title; Nombre = First Name; Segundo nombre = Middle Name
Apellidos = Last Name; Sufijo = Suffix; Organización = Company; Compañía = Company
Departamento = Department; Puesto = Job Title; Cargo = Job Title; Profesión = Profession
Calle del trabajo = Business Street; Calle del trabajo 2 = Business Street 2
Calle del trabajo 3 = Business Street 3; Ciudad de trabajo = Business City
Provincia o estado de trabajo = Business State; Código postal del trabajo = Business Postal Code
País o región del trabajo = Business Country/Region; País del trabajo = Business Country
Apartado postal de la dirección del trabajo = Business Address PO Box
Calle del domicilio = Home Street; Calle del domicilio 2 = Home Street 2
Calle del domicilio 3 = Home Street 3; Calle particular = Home Street
Ciudad del domicilio = Home City; Ciudad particular = Home City
Provincia o estado del domicilio = Home State; Provincia o estado particular = Home State
Código postal del domicilio = Home Postal Code; Código postal particular = Home Postal Code
País o región del domicilio = Home Country/Region
Apartado postal de la dirección personal = Home Address PO Box; Otra calle = Other Street
Otra calle 2 = Other Street 2; Otra calle 3 = Other Street 3; Otra ciudad = Other City
Otra provincia o estado = Other State; Otro código postal = Other Postal Code
Otro país o región = Other Country/Region; Otro apartado postal = Other Address PO Box
Teléfono del ayudante = Assistant's Phone; Nombre del ayudante = Assistant's Name
Fax del trabajo = Business Fax; Teléfono del trabajo = Business Phone
Teléfono del trabajo 2 = Business Phone 2; Devolución de llamada = Callback
Teléfono del automóvil = Car Phone; Número de centralita de la organización = Company Main Phone
Fax particular = Home Fax; Particular = Home Phone; Teléfono particular = Home Phone
Teléfono particular 2 = Home Phone 2; Particular 2 = Home Phone 2; Teléfono móvil = Mobile Phone
Móvil = Mobile Phone; Otro fax = Other Fax; Otro teléfono = Other Phone; Localizador = Pager
Teléfono principal = Primary Phone; Radioteléfono = Radio Phone
Número de teletipo = TTY/TDD Phone; Télex = Telex
Dirección de correo electrónico = E-mail Address
Dirección de correo electrónico 2 = E-mail 2 Address
Dirección del correo electrónico 3 = E-mail 3 Address
Dirección de correo electrónico 3 = E-mail 3 Address; Tipo de correo electrónico = E-mail Type
Tipo de correo electrónico 2 = E-mail 2 Type; Tipo de correo electrónico 3 = E-mail 3 Type
Nombre de pantalla de correo electrónico = E-mail Display Name
Nombre de pantalla de correo electrónico 2 = E-mail 2 Display Name
Nombre de pantalla de correo electrónico 3 = E-mail 3 Display Name; Cumpleaños = Birthday
Aniversario = Anniversary; Categorías = Categories; Cónyuge = Spouse; Hijos = Children
Nombre del director = Manager's Name; Notas = Notes; Página web = Web Page; Idioma = Language
Recomendado por = Referred By; Sexo = Gender; Género = Gender; Iniciales = Initials
Prioridad = Priority; Confidencialidad = Sensitivity; Aficiones = Hobby
""",
    "it": """
Titolo = Title; Nome = First Name; Secondo nome = Middle Name; Cognome = Last Name
Titolo straniero = Suffix; Suffisso = Suffix; Società = Company; Reparto = Department
Posizione = Job Title; Professione = Profession; Via (uff.) = Business Street
Via (uff.) 2 = Business Street 2; Via (uff.) 3 = Business Street 3; Città (uff.) = Business City
Provincia (uff.) = Business State; CAP (uff.) = Business Postal Code
Paese (uff.) = Business Country; Paese/area geografica (uff.) = Business Country/Region
Indirizzo (uff.) - Casella postale = Business Address PO Box; Via (ab.) = Home Street
Via (ab.) 2 = Home Street 2; Via (ab.) 3 = Home Street 3; Città (ab.) = Home City
Provincia (ab.) = Home State; CAP (ab.) = Home Postal Code; Paese (ab.) = Home Country
Paese/area geografica (ab.) = Home Country/Region
Indirizzo (ab.) - Casella postale = Home Address PO Box; Altra via = Other Street
Altra via 2 = Other Street 2; Altra via 3 = Other Street 3; Altra città = Other City
Altra provincia = Other State; Altro CAP = Other Postal Code; Altro paese = Other Country
Altro paese/area geografica = Other Country/Region
Altro indirizzo - Casella postale = Other Address PO Box; Telefono assistente = Assistant's Phone
Nome assistente = Assistant's Name; Fax (uff.) = Business Fax; Ufficio = Business Phone
Ufficio 2 = Business Phone 2; Richiamata automatica = Callback; Telefono auto = Car Phone
Telefono principale società = Company Main Phone; Fax (ab.) = Home Fax; Abitazione = Home Phone
Abitazione 2 = Home Phone 2; Cellulare = Mobile Phone; Altro fax = Other Fax
Altro telefono = Other Phone; Cercapersone = Pager; Telefono principale = Primary Phone
Radiotelefono = Radio Phone; Telefono TTY/TDD = TTY/TDD Phone
Indirizzo posta elettronica = E-mail Address; Indirizzo posta elettronica 2 = E-mail 2 Address
Indirizzo posta elettronica 3 = E-mail 3 Address; Tipo posta elettronica = E-mail Type
Tipo posta elettronica 2 = E-mail 2 Type; Tipo posta elettronica 3 = E-mail 3 Type
Nome visualizzato posta elettronica = E-mail Display Name
Nome visualizzato posta elettronica 2 = E-mail 2 Display Name
Nome visualizzato posta elettronica 3 = E-mail 3 Display Name; Compleanno = Birthday
Anniversario = Anniversary; Categorie = Categories; Nome coniuge = Spouse
Nome coniuge/partner = Spouse; Figli = Children; Nome manager = Manager's Name; Note = Notes
Pagina Web = Web Page; Lingua = Language; Sesso = Gender; Iniziali = Initials; Priorità = Priority
Riservatezza = Sensitivity; Luogo = Location
""",
    "nl": """
Titel = Title; Voornaam = First Name; Middelste naam = Middle Name; Achternaam = Last Name
Achtervoegsel = Suffix; Bedrijf = Company; Afdeling = Department; Functie = Job Title
Beroep = Profession; Werkadres, straat = Business Street; Werkadres 2, straat = Business Street 2
Werkadres 3, straat = Business Street 3; Werkadres, plaats = Business City
Werkadres, provincie = Business State; Werkadres, postcode = Business Postal Code
Land/regio (werk) = Business Country/Region; Werkadres, land/regio = Business Country/Region
Werkadres, postbusnummer = Business Address PO Box; Huisadres, straat = Home Street
Huisadres, straat 2 = Home Street 2; Huisadres, straat 3 = Home Street 3
Huisadres, plaats = Home City; Huisadres, provincie = Home State
Huisadres, postcode = Home Postal Code; Land/regio (thuis) = Home Country/Region
Huisadres, land/regio = Home Country/Region; Huisadres, postbusnummer = Home Address PO Box
Ander adres, straat = Other Street; Ander adres, straat 2 = Other Street 2
Ander adres, straat 3 = Other Street 3; Ander adres, plaats = Other City
Ander adres, provincie = Other State; Ander adres, postcode = Other Postal Code
Land/regio (anders) = Other Country/Region; Ander adres, land/regio = Other Country/Region
Ander adres, postbusnummer = Other Address PO Box; Telefoon assistent = Assistant's Phone
Naam assistent = Assistant's Name; Fax op werk = Business Fax; Telefoon op werk = Business Phone
Telefoon op werk 2 = Business Phone 2; Terugbellen = Callback; Autotelefoon = Car Phone
Hoofdtelefoon bedrijf = Company Main Phone; Fax thuis = Home Fax; Telefoon thuis = Home Phone
Telefoon thuis 2 = Home Phone 2; Mobiele telefoon = Mobile Phone; Andere fax = Other Fax
Andere telefoon = Other Phone; Hoofdtelefoon = Primary Phone; Radiotelefoon = Radio Phone
Teksttelefoon = TTY/TDD Phone; E-mailadres = E-mail Address; E-mailadres 2 = E-mail 2 Address
E-mailadres 3 = E-mail 3 Address; E-mailtype = E-mail Type; E-mailtype 2 = E-mail 2 Type
E-mailtype 3 = E-mail 3 Type; Weergavenaam voor e-mail = E-mail Display Name
E-mail, weergegeven naam = E-mail Display Name; E-mail, weergegeven naam 2 = E-mail 2 Display Name
E-mail, weergegeven naam 3 = E-mail 3 Display Name; Verjaardag = Birthday
Speciale datum = Anniversary; Categorieën = Categories; Partner = Spouse; Kinderen = Children
Naam manager = Manager's Name; Notities = Notes; Webpagina = Web Page; Taal = Language
Referentie van = Referred By; Geslacht = Gender; Initialen = Initials; Prioriteit = Priority
Gevoeligheid = Sensitivity; Locatie = Location
""",
    "pl": """
Tytuł = Title; Imię = First Name; Drugie imię = Middle Name; Nazwisko = Last Name; Sufiks = Suffix
Przydomek = Nickname; Firma = Company; Dział = Department; Oddział = Department
Stanowisko = Job Title; Zawód = Profession; Adres służbowy - ulica = Business Street
Adres służbowy - ulica 2 = Business Street 2; Adres służbowy - ulica 3 = Business Street 3
Adres służbowy - miejscowość = Business City; Adres służbowy - województwo = Business State
Adres służbowy - kod pocztowy = Business Postal Code
Adres służbowy - kraj/region = Business Country/Region; Ulica (biuro) = Business Street
Miasto (biuro) = Business City; Województwo (biuro) = Business State
Kod pocztowy (biuro) = Business Postal Code; Kraj/region (biuro) = Business Country/Region
Adres domowy - ulica = Home Street; Adres domowy - ulica (2) = Home Street 2
Adres domowy - ulica (3) = Home Street 3; Adres domowy - miejscowość = Home City
Adres domowy - województwo = Home State; Adres domowy - kod pocztowy = Home Postal Code
Adres domowy - kraj/region = Home Country/Region; Ulica (dom) = Home Street
Miasto (dom) = Home City; Województwo (dom) = Home State; Kod pocztowy (dom) = Home Postal Code
Kraj/region (dom) = Home Country/Region; Domowa skrzynka pocztowa = Home Address PO Box
Inna skrzynka pocztowa = Other Address PO Box; Inny adres - ulica = Other Street
Inny adres - ulica 2 = Other Street 2; Inny adres - ulica 3 = Other Street 3
Inny adres - miejscowość = Other City; Inny adres - województwo = Other State
Inny adres - kod pocztowy = Other Postal Code; Inny adres - kraj/region = Other Country/Region
Telefon asystenta = Assistant's Phone; Imię i nazwisko asystenta = Assistant's Name
Asystent = Assistant's Name; Faks służbowy = Business Fax; Telefon służbowy = Business Phone
Telefon służbowy 2 = Business Phone 2; Telefon w samochodzie = Car Phone; Faks domowy = Home Fax
Telefon domowy = Home Phone; Telefon domowy 2 = Home Phone 2; Telefon komórkowy = Mobile Phone
Inny faks = Other Fax; Inny telefon = Other Phone; Telefon główny = Primary Phone
Adres e-mail = E-mail Address; Adres e-mail 2 = E-mail 2 Address
Adres e-mail 3 = E-mail 3 Address; Typ e-mail = E-mail Type; Typ e-mail 2 = E-mail 2 Type
Typ e-mail 3 = E-mail 3 Type; Wyświetlana nazwa e-mail = E-mail Display Name
Wyświetlana nazwa e-mail 2 = E-mail 2 Display Name
Wyświetlana nazwa e-mail 3 = E-mail 3 Display Name; Urodziny = Birthday; Rocznica = Anniversary
Kategorie = Categories; Współmałżonek = Spouse; Dzieci = Children; Menedżer = Manager's Name
Notatki = Notes; Strona sieci Web = Web Page; Osobista strona sieci Web = Web Page
Język = Language; Płeć = Gender; Inicjały = Initials; Priorytet = Priority
Charakter = Sensitivity; Lokalizacja = Location
""",
    "pt": """
Título = Title; Tratamento = Title; Nome = First Name; Primeiro nome = First Name
Segundo nome = Middle Name; Nome do meio = Middle Name; Outros nomes/apelidos = Middle Name
Apelido = Last Name; Sobrenome = Last Name; Último nome = Last Name; Sufixo = Suffix
Empresa = Company; Departamento = Department; Cargo = Job Title; Profissão = Profession
Rua da empresa = Business Street; Rua da empresa 2 = Business Street 2
Rua da empresa 3 = Business Street 3; Rua do endereço comercial = Business Street
Rua do endereço comercial 2 = Business Street 2; Rua do endereço comercial 3 = Business Street 3
Localidade da empresa = Business City; Cidade do endereço comercial = Business City
Distrito da empresa = Business State; Estado do endereço comercial = Business State
Código postal da empresa = Business Postal Code; CEP do endereço comercial = Business Postal Code
País/Região da Empresa = Business Country/Region; País da empresa = Business Country
Apartado da empresa = Business Address PO Box
Caixa postal do endereço comercial = Business Address PO Box; Rua da residência = Home Street
Rua da residência (2) = Home Street 2; Rua da residência (3) = Home Street 3
Endereço residencial = Home Street; Endereço residencial 2 = Home Street 2
Endereço residencial 3 = Home Street 3; Localidade da residência = Home City
Cidade do endereço residencial = Home City; Distrito da residência = Home State
Código postal da residência = Home Postal Code; CEP do endereço residencial = Home Postal Code
País da Residência/Região = Home Country/Region; País/Região de Residência = Home Country/Region
Apartado da residência = Home Address PO Box
Caixa postal do endereço residencial = Home Address PO Box; Rua do outro endereço = Other Street
Rua do outro endereço 2 = Other Street 2; Rua do outro endereço 3 = Other Street 3
Outro endereço = Other Street; Outro endereço 2 = Other Street 2
Outro endereço 3 = Other Street 3; Localidade do outro endereço = Other City
Distrito do outro endereço = Other State; Outro Estado = Other State
Código postal do outro endereço = Other Postal Code; Outro País/Região = Other Country/Region
Telefone do assistente = Assistant's Phone; Nome do assistente = Assistant's Name
Fax da empresa = Business Fax; Fax comercial = Business Fax; Telefone da empresa = Business Phone
2º telefone da empresa = Business Phone 2; Telefone comercial = Business Phone
Telefone comercial 2 = Business Phone 2; Tel. de resposta = Callback
Retorno de chamada = Callback; Telefone do carro = Car Phone
Telefone principal da empresa = Company Main Phone; Fax da residência = Home Fax
Fax residencial = Home Fax; Telefone da residência = Home Phone
2º telefone da residência = Home Phone 2; Telefone residencial = Home Phone
Telefone residencial 2 = Home Phone 2; Telemóvel = Mobile Phone; Telefone celular = Mobile Phone
Celular = Mobile Phone; Outro fax = Other Fax; Outro telefone = Other Phone
Telefone principal = Primary Phone; Radiotelefone = Radio Phone; Radiofone = Radio Phone
Endereço de correio electrónico = E-mail Address
Endereço do correio electrónico 2 = E-mail 2 Address
Endereço do correio electrónico 3 = E-mail 3 Address
Endereço de correio eletrónico = E-mail Address; Endereço de email = E-mail Address
Endereço de email 2 = E-mail 2 Address; Endereço de email 3 = E-mail 3 Address
Endereço de e-mail = E-mail Address; Endereço de e-mail 2 = E-mail 2 Address
Endereço de e-mail 3 = E-mail 3 Address; Tipo de correio electrónico = E-mail Type
Tipo de correio electrónico 2 = E-mail 2 Type; Tipo de correio electrónico 3 = E-mail 3 Type
Tipo de email = E-mail Type; Tipo de email 2 = E-mail 2 Type; Tipo de email 3 = E-mail 3 Type
Nome a apresentar para o correio electrónico = E-mail Display Name
Nome para exibição do email = E-mail Display Name; Data de nascimento = Birthday
Data de aniversário = Birthday; Aniversário = Anniversary; Datas especiais = Anniversary
Categorias = Categories; Cônjuge = Spouse; Filhos = Children; Nome do gestor = Manager's Name
Nome do gerenciador = Manager's Name; Notas = Notes; Anotações = Notes; Página na Web = Web Page
Página da Web = Web Page; Idioma = Language; Sexo = Gender; Iniciais = Initials
Prioridade = Priority; Confidencialidade = Sensitivity; Localização = Location
""",
    "ru": """
Обращение = Title; Имя = First Name; Отчество = Middle Name; Фамилия = Last Name; Суффикс = Suffix
Организация = Company; Отдел = Department; Должность = Job Title; Профессия = Profession
Улица (раб. адрес) = Business Street; Улица 2 (раб. адрес) = Business Street 2
Улица 3 (раб. адрес) = Business Street 3; Город (раб. адрес) = Business City
Область (раб. адрес) = Business State; Индекс (раб. адрес) = Business Postal Code
Страна или регион (раб. адрес) = Business Country/Region; Страна (раб. адрес) = Business Country
Почтовый ящик (раб. адрес) = Business Address PO Box; Улица (дом. адрес) = Home Street
Улица 2 (дом. адрес) = Home Street 2; Улица 3 (дом. адрес) = Home Street 3
Город (дом. адрес) = Home City; Область (дом. адрес) = Home State
Почтовый код (дом.) = Home Postal Code; Индекс (дом. адрес) = Home Postal Code
Страна или регион (дом. адрес) = Home Country/Region; Страна (дом. адрес) = Home Country
Почтовый ящик (дом. адрес) = Home Address PO Box; Улица (другой адрес) = Other Street
Улица 2 (другой адрес) = Other Street 2; Улица 3 (другой адрес) = Other Street 3
Город (другой адрес) = Other City; Область (другой адрес) = Other State
Индекс (другой адрес) = Other Postal Code; Страна или регион (другой адрес) = Other Country/Region
Почтовый ящик (другой адрес) = Other Address PO Box; Телефон помощника = Assistant's Phone
Имя помощника = Assistant's Name; Рабочий факс = Business Fax; Рабочий телефон = Business Phone
Телефон раб. 2 = Business Phone 2; Обратный вызов = Callback; Телефон в машине = Car Phone
Основной телефон организации = Company Main Phone; Домашний факс = Home Fax
Домашний телефон = Home Phone; Телефон дом. 2 = Home Phone 2; Телефон переносной = Mobile Phone
Мобильный телефон = Mobile Phone; Другой факс = Other Fax; Другой телефон = Other Phone
Пейджер = Pager; Основной телефон = Primary Phone; Радиотелефон = Radio Phone; Телекс = Telex
Адрес эл. почты = E-mail Address; Адрес 2 эл. почты = E-mail 2 Address
Адрес 3 эл. почты = E-mail 3 Address; Тип эл. почты = E-mail Type; Тип 2 эл. почты = E-mail 2 Type
Тип 3 эл. почты = E-mail 3 Type; Краткое имя эл. почты = E-mail Display Name
Краткое 2 имя эл. почты = E-mail 2 Display Name; Краткое 3 имя эл. почты = E-mail 3 Display Name
День рождения = Birthday; Годовщина = Anniversary; Категории = Categories; Супруг(а) = Spouse
Дети = Children; Руководитель = Manager's Name; Заметки = Notes; Веб-страница = Web Page
Язык = Language; Пол = Gender; Инициалы = Initials; Важность = Priority; Пометка = Sensitivity
Расположение = Location
""",
    "ja": """
姓 = Last Name; 名 = First Name; ミドル ネーム = Middle Name; 肩書き = Title; 敬称 = Suffix
会社名 = Company; 部署 = Department; 役職 = Job Title; 職業 = Profession
番地 (会社) = Business Street; 住所 2 (会社) = Business Street 2
住所 3 (会社) = Business Street 3; 市町村 (会社) = Business City; 都道府県 (会社) = Business State
郵便番号 (会社) = Business Postal Code; 国 (会社)/地域 = Business Country/Region
番地 (自宅) = Home Street; 住所 2 (自宅) = Home Street 2; 住所 3 (自宅) = Home Street 3
市町村 (自宅) = Home City; 都道府県 (自宅) = Home State; 郵便番号 (自宅) = Home Postal Code
国 (自宅)/地域 = Home Country/Region; 市町村 (その他) = Other City
都道府県 (その他) = Other State; 郵便番号 (その他) = Other Postal Code
秘書の電話 = Assistant's Phone; 秘書の氏名 = Assistant's Name; 会社 FAX = Business Fax
会社電話 = Business Phone; 会社電話 2 = Business Phone 2; コールバック = Callback
会社代表電話 = Company Main Phone; 自宅 FAX = Home Fax; 自宅電話 = Home Phone
自宅電話 2 = Home Phone 2; 携帯電話 = Mobile Phone; その他の FAX = Other Fax
その他の電話 = Other Phone; ポケットベル = Pager; 通常の電話 = Primary Phone
電子メール アドレス = E-mail Address; 電子メール 2 アドレス = E-mail 2 Address
電子メール 3 アドレス = E-mail 3 Address; 電子メールの種類 = E-mail Type
電子メール 2 の種類 = E-mail 2 Type; 電子メール表示名 = E-mail Display Name
電子メール 2 表示名 = E-mail 2 Display Name; 誕生日 = Birthday; 記念日 = Anniversary
分類 = Categories; 配偶者 = Spouse; 子供 = Children; マネージャー = Manager's Name; メモ = Notes
Web ページ = Web Page; 性別 = Gender; イニシャル = Initials; 優先度 = Priority; 場所 = Location
""",
}

THUNDERBIRD_LANGUAGES: dict[str, str] = {
    "de": """
Vorname = First Name; Nachname = Last Name; Anzeigename = Display Name; Spitzname = Nickname
Primäre E-Mail-Adresse = Primary Email; Sekundäre E-Mail-Adresse = Secondary Email
Messenger-Name = Screen Name; Tel. dienstlich = Work Phone; Tel. privat = Home Phone
Fax-Nummer = Fax Number; Pager-Nummer = Pager Number; Mobil-Tel.-Nr. = Mobile Number
Privat: Adresse = Home Address; Privat: Adresse 2 = Home Address 2; Privat: Ort = Home City
Privat: Bundesland = Home State; Privat: PLZ = Home ZipCode; Privat: Land = Home Country
Dienstlich: Adresse = Work Address; Dienstlich: Adresse 2 = Work Address 2
Dienstlich: Ort = Work City; Dienstlich: Bundesland = Work State; Dienstlich: PLZ = Work ZipCode
Dienstlich: Land = Work Country; Titel = Job Title; Abteilung = Department
Organisation = Organization; Webseite 1 = Web Page 1; Webseite 2 = Web Page 2
Geburtsjahr = Birth Year; Geburtsmonat = Birth Month; Geburtstag = Birth Day; Notizen = Notes
""",
    "fr": """
Prénom = First Name; Nom = Last Name; Nom de famille = Last Name; Nom à afficher = Display Name
Surnom = Nickname; Adresse électronique principale = Primary Email
Première adresse électronique = Primary Email; Adresse électronique secondaire = Secondary Email
Adresse électronique supplémentaire = Secondary Email; Pseudonyme = Screen Name
Tél. professionnel = Work Phone; Tél. personnel = Home Phone; Fax = Fax Number
Pager = Pager Number; Portable = Mobile Number; Adresse privée = Home Address
Adresse privée 2 = Home Address 2; Adresse professionnelle = Work Address
Adresse professionnelle 2 = Work Address 2; Ville = Home City; Ville (2) = Work City
Région = Home State; Région (2) = Work State; Code postal = Home ZipCode
Code postal (2) = Work ZipCode; Pays = Home Country; Pays (2) = Work Country
Profession = Job Title; Service = Department; Société = Organization; Site web 1 = Web Page 1
Site web 2 = Web Page 2; Année de naissance = Birth Year; Mois = Birth Month; Jour = Birth Day
Notes = Notes
""",
    "es": """
Nombre = First Name; Apellidos = Last Name; Nombre en pantalla = Display Name; Apodo = Nickname
Dirección de correo electrónico principal = Primary Email
Dirección de correo electrónico secundaria = Secondary Email; Teléfono (Trabajo) = Work Phone
Teléfono (Casa) = Home Phone; Fax = Fax Number; Buscapersonas = Pager Number
Teléfono móvil = Mobile Number; Dirección personal = Home Address
Dirección de trabajo = Work Address; País de residencia = Home Country
País (Trabajo) = Work Country; Código postal = Home ZipCode
Código postal (Trabajo) = Work ZipCode; Organización = Organization; Página web 1 = Web Page 1
Página web 2 = Web Page 2; Año de nacimiento = Birth Year; Mes de nacimiento = Birth Month
Día de nacimiento = Birth Day; Notas = Notes
""",
    "it": """
Nome = First Name; Cognome = Last Name; Nome visualizzato = Display Name; Soprannome = Nickname
Email principale = Primary Email; Email secondaria = Secondary Email; Telefono lavoro = Work Phone
Telefono casa = Home Phone; Numero fax = Fax Number; Numero cercapersone = Pager Number
Numero cellulare = Mobile Number; Indirizzo di casa = Home Address
Indirizzo di casa 2 = Home Address 2; Città di residenza = Home City
Provincia di residenza = Home State; CAP di residenza = Home ZipCode
Nazione di residenza = Home Country; Indirizzo di lavoro = Work Address
Indirizzo di lavoro 2 = Work Address 2; Città di lavoro = Work City
Provincia di lavoro = Work State; CAP di lavoro = Work ZipCode; Nazione di lavoro = Work Country
Qualifica = Job Title; Reparto = Department; Organizzazione = Organization
Pagina web 1 = Web Page 1; Pagina web 2 = Web Page 2; Anno di nascita = Birth Year
Mese di nascita = Birth Month; Giorno di nascita = Birth Day; Note = Notes
""",
    "pt": """
Primeiro nome = First Name; Último nome = Last Name; Mostrar nome = Display Name
Apelido = Nickname; E-mail primário = Primary Email; E-mail secundário = Secondary Email
Fone de trabalho = Work Phone; Fone de casa = Home Phone; Número de Fax = Fax Number
Número do Pager = Pager Number; Celular = Mobile Number; Endereço de casa = Home Address
Cidade de casa = Home City; Estado de casa = Home State; CEP de casa = Home ZipCode
País de casa = Home Country; Endereço de trabalho = Work Address; Cidade de trabalho = Work City
CEP de trabalho = Work ZipCode; País de trabalho = Work Country; Organização = Organization
Departamento = Department; Cargo = Job Title; Ano de nascimento = Birth Year
Mês de nascimento = Birth Month; Dia de nascimento = Birth Day; Notas = Notes
""",
    "ru": """
Имя = First Name; Фамилия = Last Name; Отображаемое имя = Display Name; Псевдоним = Nickname
Адрес электронной почты = Primary Email; Альтернативный адрес электронной почты = Secondary Email
Рабочий телефон = Work Phone; Домашний телефон = Home Phone; Номер факса = Fax Number
Номер пейджера = Pager Number; Номер сотового телефона = Mobile Number; Адрес = Home Address
Город = Home City; Штат = Home State; Почтовый индекс = Home ZipCode; Страна = Home Country
Адрес (раб.) = Work Address; Город (раб.) = Work City; Штат (раб.) = Work State
Почтовый индекс (раб.) = Work ZipCode; Страна (раб.) = Work Country; Организация = Organization
Веб-страница 1 = Web Page 1; Веб-страница 2 = Web Page 2; Год рождения = Birth Year
Месяц рождения = Birth Month; День рождения = Birth Day; Заметки = Notes
""",
}
