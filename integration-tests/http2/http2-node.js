// HTTP/2 by Node's own module: a server and a client.
// usage: node http2-node.js server HOST:PORT [CERTIFICATE KEY]    without TLS by prior knowledge
//        node http2-node.js client       reads lines "COUNT URL...", asks each so many times, all at once on one connection
// Both print a line "access METHOD PATH STATUS BYTES" for each answer.
'use strict';
const fs = require('node:fs');
const http2 = require('node:http2');
const readline = require('node:readline');

async function answer(request, response) {
  const url = new URL(request.url, 'http://localhost');
  const parts = [];
  for await (const part of request) parts.push(part);
  const [, route, argument] = url.pathname.split('/');
  let status = 200;
  let body = Buffer.from('hello from node\n');
  if (route === 'echo') body = Buffer.concat(parts);
  if (route === 'bytes') body = Buffer.alloc(Number(url.searchParams.get('n')), 'x');
  if (route === 'delay') await new Promise(resolve => setTimeout(resolve, Number(url.searchParams.get('ms'))));
  if (route === 'status') [status, body] = [Number(argument), Buffer.alloc(0)];
  if (request.method === 'HEAD') body = Buffer.alloc(0);
  response.writeHead(status);
  response.end(body);
  console.log(`access ${request.method} ${url.pathname} ${status} ${body.length}`);
}

function serve(address, certificate, key) {
  const server = certificate
    ? http2.createSecureServer({cert: fs.readFileSync(certificate), key: fs.readFileSync(key), allowHTTP1: true}, answer)
    : http2.createServer(answer);
  const [host, port] = address.split(':');
  server.listen(Number(port), host, () => console.log(`listening on ${address}`));
}

function get(session, url) {
  return new Promise((resolve, reject) => {
    const stream = session.request({':path': url.pathname + url.search});
    let status;
    let bytes = 0;
    stream.on('response', headers => { status = headers[':status']; });
    stream.on('data', data => { bytes += data.length; });
    stream.on('error', reject);
    stream.on('end', () => {
      console.log(`access GET ${url.pathname} ${status} ${bytes}`);
      resolve();
    });
    stream.end();
  });
}

async function askAsTold() {
  const sessions = new Map();
  console.log('ready');
  for await (const line of readline.createInterface({input: process.stdin})) {
    const [count, ...addresses] = line.split(' ');
    const asked = [];
    for (const url of addresses.map(address => new URL(address))) {
      if (!sessions.has(url.origin)) sessions.set(url.origin, http2.connect(url.origin, {rejectUnauthorized: false}));
      for (let i = 0; i < Number(count); i++) asked.push(get(sessions.get(url.origin), url));
    }
    await Promise.all(asked);
    console.log(`done ${line}`);
  }
  process.exit(0);
}

const [mode, ...rest] = process.argv.slice(2);
mode === 'server' ? serve(...rest) : askAsTold();
