"""Words in many languages that announce an identifier in a column's header.

What belongs here: the words, rule by rule, in lower case and as they are spelt.
What does not: how a header is cut into words, and when a word is believed (headers.py).

Source: 45 CFR 164.514(b)(2)(i) (A)-(R), the Safe Harbor list, put into the words exports use.
"""

__all__ = ["STEMS", "UNSPACED", "WHOLE", "WORDS"]

# Met by whole tokens and by runs of tokens written together, so that `first_name`, `firstName`,
# `FIRSTNAME` and `First.Name` all meet "firstname".
WORDS: dict[str, str] = {
    "email": "email emailaddress emailaddr emailadresse emailadress emailadres emailcim courriel "
    "correoelectronico correo mailaddress adressemail indirizzoemail adresemail enderecoemail "
    "mél "
    "postaelettronica epost sähköposti почта электроннаяпочта ηλεκτρονικόταχυδρομείο",
    "phone": "phone phonenumber phoneno telephone telephonenumber telefon telefonnummer telefono "
    "telefone telefoon telefoonnummer tel mobile mobilenumber mobilephone mobil mobilnummer "
    "cellphone cellnumber handynummer handynr handy fax faxnumber faxnr contactnumber contactno "
    "whatsapp portable movil móvil celular cellulare gsm puhelin puhelinnumero telemóvel "
    "telefonszám "
    "numertelefonu nrtelefonu telefonu τηλέφωνο κινητό телефон",
    "ssn": "ssn socialsecurity socialsecuritynumber socsec itin sozialversicherungsnummer",
    "nhs_number": "nhsnumber nhsno nhsnum nhsid newnhsno chinumber hcnumber",
    "national_id": "nationalid nationalidnumber nationalinsurance nationalinsurancenumber nino "
    "passport passportnumber passportno drivers driverslicense driverlicense driverslicence "
    "drivinglicence licensenumber licencenumber licenseplate licenceplate numberplate taxid "
    "taxnumber steuernummer steuerid personnummer personalausweis personalausweisnummer "
    "reisepassnummer dni curp bsn insuranceid insurancenumber insuranceno policynumber memberid "
    "membernumber beneficiary beneficiaryid beneficiarynumber medicareid medicarenumber "
    "medicareno "
    "medicaidid medicaidnumber medicare medicaid subscriberid subscriberno subscribernumber "
    "healthcardnumber healthcardno healthplanid healthplannumber groupnumber versichertennummer "
    "krankenversichertennummer kvnr führerscheinnummer accountnumber accountno bankaccount iban "
    "creditcard cardnumber vin vehicleid serialnumber serialno deviceserial deviceid "
    "deviceidentifier imei macaddress certificatenumber certnumber certno nir nie nif npi cpf "
    "cnp "
    "nuss tfn ohip deanumber aadhaar pannumber numérodesécuritésociale sécuritésociale "
    "cartevitale "
    "numéropasseport passeport pasaporte tarjetasanitaria codicefiscale tesserasanitaria "
    "cartaidentita cartadidentita patenteguida patentediguida burgerservicenummer paspoortnummer "
    "rijbewijsnummer pesel numerdowodu nrdowodu paszportu nrpaszportu rodnéčíslo fødselsnummer "
    "fodselsnummer cprnr cprnummer cpr henkilötunnus hetu cartãocidadão cartãodecidadão tajszám "
    "amka αμκα снилс паспорт инн",
    "medical_record_number": "mrn emrn medicalrecordnumber medicalrecordno medicalrecord medrec "
    "medrecno hospitalnumber hospitalno hospitalid chartnumber chartno casenotenumber casenoteno "
    "casenotesnumber unitrecordnumber patientennummer patnr patientnummer krankenaktennummer "
    "aktennummer fallnummer empi epicid uhid nhc historiaclinica númerohistoriaclinica "
    "numérodedossier "
    "numdossier dossiernummer cartellaclinica numerkartoteki číslokarty journalnummer "
    "potilasnumero "
    "númerodoprocesso prontuario prontuário αριθμόςμητρώου номеркарты",
    "postcode": "zip zipcode zipcd zip5 zip4 zip9 postcode postalcode postal postleitzahl plz "
    "codepostal codigopostal códigopostal postnummer postinumero pincode kodpocztowy psč cep "
    "eircode "
    "irányítószám codpoștal capresidenza cppatient ταχυδρομικόςκώδικας индекс почтовыйиндекс",
    "date_of_birth": "dob dateofbirth dateborn birth births birthdate birthday birthdt bday "
    "bdate "
    "born gebdat gebdatum geburt datedenaissance naissance ddn fnac nacimiento fechanacimiento "
    "nascita datanascita nascimento geboortedatum fodelsedatum födelsedatum fødselsdato "
    "fodselsdato syntymäaika dataurodzenia urodzenia datumnarození narození születésidátum "
    "datanașterii nașterii doğumtarihi ημερομηνίαγέννησης γέννησης датарождения рождения "
    "датанародження تاريخالميلاد",
    "date_of_death": "dod dateofdeath deathdate death deceased deceasedon sterbedatum todesdatum "
    "datededécès décès fechadefallecimiento datadecesso датасмерти",
    "name": "firstname lastname surname surnames forename forenames givenname givennames "
    "familyname fullname middlename maidenname maiden nickname birthname legalname namefirst "
    "namelast namemiddle namefull fname lname vorname vornamen nachname familienname zuname "
    "rufname geburtsname prenom prenoms nomdefamille nomusuel nomdenaissance nombrepaciente "
    "nombrecompleto apellido apellidos cognome nomepaziente sobrenome nomecompleto voornaam "
    "achternaam fornamn efternamn fornavn etternavn mellomnavn etunimi sukunimi nazwisko imie "
    "nazwiskorodowe jméno příjmení keresztnév vezetéknév prenume soyad όνομα επώνυμο initials "
    "nextofkin emergencycontact contactperson ptname patname фамилия имя отчество прізвище "
    "الاسم שםמשפחה שםפרטי",
    "address": "address addresses addr addressline homeaddress streetaddress street streetname "
    "strasse hausnummer adresse adressepostale anschrift direccion domicilio indirizzo adres "
    "adresa "
    "adresă endereco city town village suburb county municipality parish neighbourhood "
    "neighborhood "
    "censustract wohnort birthplace placeofbirth geburtsort hometown cityofresidence ville "
    "commune "
    "rue ciudad calle municipio città comune residenza viaresidenza woonplaats straatnaam "
    "ulica ulice "
    "miejscowość miasto město gatuadress bostadsort gateadresse poststed osoite kaupunki morada "
    "cidade bairro település oraș διεύθυνση πόλη адрес город",
    "ip_address": "ip ipaddress ipaddr ipv4 ipv6 adresseip ipadresse",
    "web_address": "url website homepage webpage weblink",
    "account_name": "username login loginname screenname twitter facebook instagram linkedin "
    "skype telegram tiktok",
    "photo_or_biometric": "photo photograph mugshot portrait selfie faceimage facephoto "
    "fingerprint fingerprints voiceprint retina irisscan biometric biometrics",
    "location": "latitude longitude gps gpscoordinates geolocation coordinates locationlat "
    "locationlon homelat homelon geolat geolon",
    "free_text": "comment comments note notes remark remarks freetext narrative memo kommentar "
    "kommentare bemerkung bemerkungen anmerkung anmerkungen notiz notizen freitext verlauf "
    "commentaire commentaires remarque remarques observations textelibre comentario comentarios "
    "observaciones notas commenti commento osservazioni opmerking opmerkingen notities uwagi "
    "komentarz notatki poznámka anteckningar kommentarer merknad merknader huomautus observações "
    "megjegyzés observații σχόλια комментарий комментарии примечание примечания примітки "
    "clinicalnotes progressnote progressnotes",
}
# Words that mean a person only when they are the whole header. `record_number` may also be what a
# clinic calls its pseudonyms: it counts only where the column is not mapped as one.
WHOLE: dict[str, str] = {
    "name": "name names nom nome nombre naam navn namn ad nimi név nume",
    "perhaps_name": "first last given family middle prefix alias",
    "location": "lat lon lng",
    "email": "mail",
    "phone": "cell",
    "nhs_number": "nhs chi",
    "date_of_birth": "geb",
    "record_number": "recordnumber recordno patientnumber patientno kennzeichen",
    "address": "ort cím",
    "national_id": "ins rg sin udi pan",
    "medical_record_number": "ipp",
}
STEMS: dict[str, str] = {
    "date_of_birth": "geburts naissanc nacimient",
    "phone": "телефон τηλεφων",
}
# Scripts without blanks between words: met anywhere in a header.
UNSPACED: dict[str, str] = {
    "name": "姓名 名前 氏名 이름 성명",
    "phone": "电话 電話 手机 휴대폰 전화",
    "address": "地址 住所 주소",
    "date_of_birth": "出生日期 生年月日 생년월일",
    "medical_record_number": "病历号 病歷號 カルテ番号 환자번호",
    "national_id": "身份证 身份證 マイナンバー 主民登録 주민등록번호",
    "postcode": "邮编 郵便番号 우편번호",
    "email": "电子邮件 邮箱 メールアドレス 이메일",
    "free_text": "备注 備考 コメント 메모",
}
