// One line for each test, the whole story of those that failed, and what was measured.

export default async function* reporter(source) {
  for await (const { type, data } of source) {
    if (type === 'test:pass' && data.name.endsWith('.mjs') === false) yield `ok      ${seconds(data)}  ${data.name}\n`;
    if (type === 'test:fail' && data.name.endsWith('.mjs') === false) yield `FAILED  ${seconds(data)}  ${data.name}\n${story(data)}\n`;
    if (type === 'test:diagnostic' && data.nesting > 0) yield '';
    if (type === 'test:stdout' || type === 'test:stderr') yield data.message;
  }
}

const seconds = ({ details }) => `${(details.duration_ms / 1_000).toFixed(1).padStart(5)} s`;

function story({ details }) {
  const cause = details.error.cause ?? details.error;
  return String(cause.stack ?? cause).split('\n').slice(0, 40).map((line) => `        ${line.slice(0, 600)}`).join('\n');
}
