/** The everyday characters of a language: most of what a title has. Where bytes can be read in several encodings, the right one is that in which they come out as these. */
const simplified =
  '的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边交该规万取格望术领共确传师观清今切院识候带导争运陈张刘杨黄赵吴周文献集刊编著图馆史语译研究技艺词典评选红梦龙风云春秋夏冬雪花玉英华丽芳鲁迅巴茅胡林梁诗曲赋志注库息源资应';

const traditional =
  '的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日軍者意無力它與長把機十民第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應戰向頭文體政美相見被利什二等產或新己制身果加西斯月話合回特代內信表化老給世位次度門任常先海通教兒原東聲提立及比員解水名真論處走義各入幾口認條平系氣題活爾更別打女變四神總何電數安少報才結反受目太量再感建務做接必場件計管期市直德資命山金指克許統區保至隊形社便空決治展科司五基眼書非則聽白卻界達光放強即像難且權思王象完設式色路記南品住告類求據程北邊交該規萬取格望術領共確傳師觀清今切院識候帶導爭運陳張劉楊黃趙吳周文獻集刊編著圖館史語譯研究技藝詞典評選紅夢龍風雲春秋夏冬雪花玉英華麗芳魯迅巴茅胡林梁詩曲賦志注庫息源資樓臺灣';

const japanese =
  '日一国会人年大十二本中長出三同時政事自行社見月分議後前民生連五発間対上部東者党地合市業内相方四定今回新場金員九入選立開手米力学問高代明実円関決子動京全目表戦経通外最言氏現理調体化田当八六約主題下首意法不来作性的要用制治度務強気小七成期公野協取都和統以機平総加山思家話世受区領多県続進正安設保改数記院女初北午指権心界支第産結百派点教報済書府活原先共得解名交資予川向際査勝面委告軍文反元重近千考判認画海参売利組知案道信策集在件団別物側任引使求所次水半品昨論計死官増係感特情投示変打男基私各始島直両朝革価式確村提運終挙果西勢減台広応必演電歴住争談能無再位置真流格有疑口過局少放検藤常校料沢状工建語球営空職証土急送援供可役構木割身費由説転食比難防優夫研収断井何南石足違境神番規術護展態鮮配副算視条幹独警究育輸訪楽起万着述想線病農州武声質念族象銀域労然早張映限親額監環験商葉義伝働景好準訴被技低医去姿味負韓失差個門写評科末若脳種美岡影命福蔵観察整段型白深字票況音財識注呼渉達誌雑館図史論訳編著版献';

const korean =
  '이다는의가을에를한고로은하지기사나대리인자시도어아그서해일정부수있국과장제전주여상보구적스성연라조원만경방학문유동비모화교신미소개들관용무공산저거위세물안중선분행운명생민년역간회계실금진식치양체업영결론편집술연발현건책설률철종농병축음악육랑박김최강윤임오권황송류홍';

const kana = /[\u3041-\u3096\u30A1-\u30FC]/u;
const punctuation = /[\u3000-\u3002\u3008-\u3011\uFF01-\uFF1F\u2014\u2018-\u201D\u30FB]/u;

const setOf = (text: string): ReadonlySet<string> => new Set(text);

const everyday: Readonly<Record<string, ReadonlySet<string>>> = {
  gb18030: setOf(simplified),
  big5: setOf(traditional),
  shift_jis: setOf(japanese),
  'euc-jp': setOf(japanese),
  'euc-kr': setOf(korean),
};

const accented = /^(?:[À-ÖØ-öø-ÿŒœŠšŽžŸ]|[ß-öø-ÿ]{2})$/u;

/** An accented letter stands alone among plain ones, as in `Bär`, or with one other small one, as in `Größe`; more in a row are most likely halves of something else. */
function accentedShare(text: string): number {
  const runs = Array.from(text.matchAll(/[^\p{ASCII}]+/gu), ([run]) => run);
  return runs.filter((run) => accented.test(run)).join('').length / runs.join('').length;
}

/** How much of what is not plain Latin in a text is everyday writing of whoever uses the encoding: 0 to 1. */
export function everydayShare(encoding: string, text: string): number {
  const foreign = Array.from(text).filter((each) => each > '\u007F');
  if (foreign.length === 0) return 0;
  const common = everyday[encoding];
  if (common === undefined) return accentedShare(text);
  const japaneseText = common === everyday.shift_jis || common === everyday['euc-jp'];
  const usual = (each: string) =>
    common.has(each) || punctuation.test(each) || (japaneseText && kana.test(each));
  return foreign.filter(usual).length / foreign.length;
}
