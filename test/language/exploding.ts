// Code that is short, sound, and whose types take more memory than there is.

const LETTERS = [...'abcdefghi'];

/** TypeScript names 59,049 strings, and again as many with each of 200 numbers in front: 12 million types. */
export const EXPLODING = `type D = ${LETTERS.map(letter => `'${letter}'`).join(' | ')};
type All = \`\${D}\${D}\${D}\${D}\${D}\`;
${Array.from({ length: 200 }, (_, at) => `const t${at}: \`${at}\${All}\` = '${at}aaaaa';`).join('\n')}`;
