/**
 * Characters of Chinese and Japanese names that stand for one another: traditional and simplified forms, and the variants that registers write in place of the common
 * form. Each group is one character to whoever looks for duplicates; its first stands for all. Not complete – names are told apart by their birth date first.
 */
const groups = [
  // variants of Japanese family and given names
  '高髙 崎﨑碕嵜 辺邊邉 沢澤泽 斎齋斉齊齐 浜濱濵滨 桜櫻樱 広廣广 国國 島嶋嶌岛 真眞 恵惠 徳德 柳栁 吉𠮷 桑桒 富冨 瀬瀨濑 曽曾 竜龍龙 淵渕渊 槙槇 桧檜 萬万 円圓圆 寿壽 静靜',
  '渡渉涉 黒黑 横橫 関關关 荘莊庄 藪薮 塚冢 鉄鐵铁 滝瀧泷 豊豐丰 実實实 栄榮荣 英瑛 学學 芸藝艺 礼禮 弥彌 穂穗 薫薰 祐佑 郷鄉乡 増增 巌巖岩 亀龜龟 条條 検檢检 尭堯 遥遙',
  // Chinese family names and frequent characters of given names
  '陳陈 張张 劉刘 趙赵 黄黃 呉吳吴 楊杨 孫孙 馬马 羅罗 鄭郑 謝谢 韓韩 馮冯 鄧邓 許许 蕭萧 葉叶 蘇苏 呂吕 盧卢 蔣蒋 賈贾 鍾钟鐘 譚谭 陸陆 鄒邹 錢钱 湯汤 賴赖 閻阎 閆闫 範范 顧顾 龔龚',
  '嚴严厳 賀贺 倪兒 歐欧 陽阳 婁娄 遊游 衛卫 項项 祝祀 紀纪 畢毕 鄔邬 樂乐楽 魯鲁 韋韦 鳳凤 費费 連连 喬乔 聶聂 隋随隨 鄺邝 齡龄 華华 麗丽 紅红 軍军 偉伟 東东 傑杰 興兴 強强 勇恿',
  '慶庆 玲齡 飛飞 蘭兰 鵬鹏 輝辉 軒轩 雲云 燕鷰 維维 曉晓暁 夢梦 賢贤 義义 貴贵 寶宝 銀银 鋒锋 鑫鈢 潔洁 瑤瑶 瓊琼 穎颖 艷艳豔 蓮莲 誠诚 詩诗 語语 譯译 鳴鸣 鶴鹤 點点 愛爱 爾尔 遠远 進进',
];

const representatives: ReadonlyMap<string, string> = new Map(
  groups
    .join(' ')
    .split(' ')
    .flatMap((group) => {
      const [first = '', ...others] = Array.from(group);
      return others.map((other): [string, string] => [other, first]);
    }),
);

/** The text with every variant in the form that stands for it. Doing it twice changes nothing. */
export function commonForms(text: string): string {
  return Array.from(text, (character) => representatives.get(character) ?? character).join('');
}
