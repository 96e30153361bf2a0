/** The languages every text for a reader exists in (G3). */
export const languages = ['ja', 'zh', 'de', 'en'] as const;

export type Language = (typeof languages)[number];

/** A text in every language, as policies and locales hold it. */
export type Localised = Readonly<Record<Language, string>>;
