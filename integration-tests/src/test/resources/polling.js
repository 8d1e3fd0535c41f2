// As polling_asyncio.py, in Node's event loop.
'use strict';
const http = require('http');
const [port, callee] = process.argv.slice(2).map(Number);
const kept = new http.Agent({ keepAlive: true, maxSockets: 4 });

function ask(path, then) {
  http.get({ host: '127.0.0.1', port: callee, path, agent: kept }, (answer) => {
    answer.resume();
    answer.on('end', then);
  });
}

let n = 0;
function poll() {
  n += 1;
  ask(`/alone/${n}`, () => setTimeout(poll, 2));
}

http
  .createServer((request, answer) => {
    ask(`/for/${request.url.split('/').pop()}`, () => answer.end('hi'));
  })
  .listen(port, '127.0.0.1', () => {
    console.log(`listening on ${port}`);
    poll();
  });
