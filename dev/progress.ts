/** Where a start tells how it gets on. */
export interface Progress {
  say(text: string): void;
  /** Does `work` and tells its name with the time it took; `work` may tell what it is waiting for. */
  stage<T>(name: string, work: (detail: (text: string) => void) => Promise<T>): Promise<T>;
}

export interface Screen {
  write(text: string): unknown;
  isTTY?: boolean;
}

/** On a terminal a running stage shows on one line that it rewrites; in a log file only its end and its details do. */
export function showProgress(screen: Screen): Progress {
  const line = (text: string) => screen.write(screen.isTTY === true ? `\r\u001B[K${text}` : `${text}\n`);
  return {
    say: (text) => void screen.write(`${text}\n`),
    async stage(name, work) {
      const began = Date.now();
      if (screen.isTTY === true) line(`  … ${name}`);
      const done = (mark: string) => {
        line(`  ${mark} ${name.padEnd(16)}${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s`);
        if (screen.isTTY === true) screen.write('\n');
      };
      try {
        const result = await work((detail) => line(`  … ${name}: ${detail}`));
        done('✓');
        return result;
      } catch (error) {
        done('✗');
        throw error;
      }
    },
  };
}
