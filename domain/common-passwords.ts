/**
 * Passwords that are tried first by whoever guesses, in small letters: from the lists of most used passwords published year after year, with
 * the ones readers of a library in Japan, China, Germany and English-speaking countries choose.
 */
const words = `
123456 1234567 12345678 123456789 1234567890 12345 1234 123 123123 123321 654321 987654321 87654321 111111 000000 00000000 11111111
112233 121212 131313 159753 147258369 147258 789456 789456123 456789 222222 333333 444444 555555 666666 777777 888888 999999 696969 101010
5201314 520520 1314520 7758521 147852 147852369 123654 12344321 11223344 123qwe 1q2w3e 1q2w3e4r 1q2w3e4r5t 1qaz2wsx zaq12wsx 1qazxsw2
qazwsx qazwsxedc q1w2e3r4 qwe123 asd123 abc123 abcd1234 abcdef abcdefg a123456 a12345678 aa123456 123456a 123abc 12345a woaini woaini1314
woaini520 wang123 zxc123 qwerty qwertz qwertyuiop qwertzuiop qwer1234 asdf asdfgh asdfghjkl asdf1234 zxcvbn zxcvbnm yxcvbnm azerty azertyuiop
password passwort passwords password1 password12 password123 passw0rd p@ssw0rd p@ssword pass pass1234 pass123 passwd passcode mypassword
yourpassword newpassword oldpassword changeme changeit change default secret geheim letmein welcome willkommen hello hallo hallo123 hello123
login logmein open opensesame sesame access enter master administrator admin admin123 root toor user guest test test123 testing test1234 demo
temp temporary nothing whatever trustno1 iloveyou ichliebedich loveyou iloveu lovely love princess prinzessin sunshine sonnenschein flower
monkey dragon drache tiger lion eagle shadow superman batman spiderman pokemon pikachu doraemon totoro naruto starwars matrix killer ninja
samurai football fussball soccer baseball basketball hockey tennis golf michael michelle jennifer jessica jordan ashley daniel thomas andrew
joshua matthew charlie george robert william maggie ginger pepper summer winter spring autumn sommer herbst january monday freedom liverpool
chelsea arsenal barcelona ferrari mercedes porsche corvette mustang harley yamaha honda toyota nissan computer internet samsung google facebook
amazon apple microsoft windows linux server cookie cheese chocolate schokolade banana orange cherry coffee hunter ranger buster
soccer1 merlin silver golden diamond phoenix purple rainbow angel angels jesus jesus1 heaven blessed family familie forever friends
school schule student lehrer teacher library bibliothek bibliotheek books bookworm book buch buecher reader leser toshokan tosyokan
sakura hanako taro tarou tanaka suzuki yamada nihon japan tokyo osaka fukuoka chikushino fujisan himawari arigato konnichiwa
china beijing shanghai zhejiang hangzhou zhongguo nihao tushuguan admin888 asdasd asdasd123 deutschland berlin hamburg muenchen koeln
schatz schatzi hase mausi ficken arschloch bayern dortmund schalke hsv1887 america london newyork canada australia england
carrel lesen lesesaal ausleihe
`;

export const commonPasswords: ReadonlySet<string> = new Set(
  words.split(/\s+/u).filter((word) => word !== ''),
);
