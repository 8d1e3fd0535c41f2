// Answers after having been busy for ?ms=N: its event loop does nothing else meanwhile.
// usage: node busy_server.js --tls CERTIFICATE KEY HOST:PORT
'use strict';
const fs = require('node:fs');
const https = require('node:https');

const [, , , certificate, key, address] = process.argv;
const colon = address.lastIndexOf(':');
https
  .createServer({cert: fs.readFileSync(certificate), key: fs.readFileSync(key)}, (request, response) => {
    const end = Date.now() + Number(new URL(request.url, 'http://localhost').searchParams.get('ms'));
    while (Date.now() < end);
    response.setHeader('Content-Length', 5);
    response.end('done\n');
  })
  .listen(Number(address.slice(colon + 1)), address.slice(0, colon), () => console.log('listening on', address));
