import { existsSync, readFileSync } from 'node:fs';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';

const folder = '../shared/data/iso18626';
const files = { '1.2': `${folder}/ISO-18626-v1_2.xsd`, '2021': `${folder}/ISO-18626-2021-2.xsd` };

export type SchemaEdition = keyof typeof files;

/** Whether the schemas of ISO 18626 are at hand; they are not part of the project. */
export const schemasPresent = Object.values(files).every((file) => existsSync(file));

/** Checks documents against the schema of an edition; to be disposed of. */
export function createSchemaCheck() {
  const open = Object.entries(files).map(([edition, file]) => {
    const schema = XmlDocument.fromBuffer(readFileSync(file));
    return { edition, schema, validator: XsdValidator.fromDoc(schema) };
  });
  return {
    /** Why it is not valid; null: it is. */
    mistake: (xml: string, edition: SchemaEdition): string | null => {
      const validator = open.find((each) => each.edition === edition)?.validator;
      try {
        const document = XmlDocument.fromString(xml);
        try {
          validator?.validate(document);
        } finally {
          document.dispose();
        }
        return null;
      } catch (error) {
        return String(error);
      }
    },
    dispose: () => {
      for (const { validator, schema } of open) {
        validator.dispose();
        schema.dispose();
      }
    },
  };
}

/** The edition that a document says it is written in. */
export const editionOf = (xml: string): SchemaEdition =>
  /version="2021/u.test(xml.slice(0, 600)) ? '2021' : '1.2';
