// A web server with nothing but Node's own http and https modules, to be observed by Sonde.
// usage: node server.js [--tls CERTIFICATE KEY] HOST:PORT
'use strict';
const fs = require('node:fs');
const http = require('node:http');
const https = require('node:https');

const BODILESS = new Set([204, 304]);
const agents = {http: new http.Agent({keepAlive: true}), https: new https.Agent({keepAlive: true})};

// Answers with a body of known length; returns the status and the body bytes sent.
function send(request, response, status, body) {
  let payload = Buffer.from(body);
  if (BODILESS.has(status)) {
    payload = Buffer.alloc(0);
  } else {
    response.setHeader('Content-Length', payload.length);
  }
  if (request.method === 'HEAD') payload = Buffer.alloc(0);
  response.writeHead(status);
  response.end(payload);
  return [status, payload.length];
}

async function sendChunked(request, response, chunks) {
  response.writeHead(200, {'Transfer-Encoding': 'chunked'});
  if (request.method === 'HEAD') {
    response.end();
    return [200, 0];
  }
  for (let i = 0; i < chunks; i++) {
    response.write('0123456789');
    await new Promise(setImmediate); // one write to the socket per chunk
  }
  response.end();
  return [200, 10 * chunks];
}

function get(url) {
  return new Promise((resolve, reject) => {
    const secure = url.startsWith('https:');
    (secure ? https : http)
      .get(url, {agent: secure ? agents.https : agents.http, timeout: 10_000}, response => {
        response.resume();
        response.on('end', () => resolve(response.statusCode));
      })
      .on('error', reject);
  });
}

async function call(request, response, url, times) {
  try {
    let status;
    for (let i = 0; i < times; i++) status = await get(url);
    return send(request, response, 200, `${url} answered ${status}\n`);
  } catch (error) {
    return send(request, response, 502, `${error.message}\n`);
  }
}

async function answer(request, response) {
  const url = new URL(request.url, 'http://localhost');
  const number = (name, fallback) => Number(url.searchParams.get(name) ?? fallback);
  const parts = [];
  for await (const part of request) parts.push(part);
  const [, route, argument] = url.pathname.split('/');
  switch (route) {
    case '':
      return send(request, response, 200, 'hello from node\n');
    case 'echo':
      return send(request, response, 200, Buffer.concat(parts));
    case 'delay':
      await new Promise(resolve => setTimeout(resolve, number('ms', 100)));
      return send(request, response, 200, 'waited\n');
    case 'status':
      if (/^[2-5]\d\d$/.test(argument)) {
        return send(request, response, Number(argument), `status ${argument}\n`);
      }
      break;
    case 'bytes':
      return send(request, response, 200, Buffer.alloc(number('n', 1024), 'x'));
    case 'chunked':
      return sendChunked(request, response, number('n', 10));
    case 'call':
      return call(request, response, url.searchParams.get('url'), number('times', 1));
  }
  return send(request, response, 404, 'not found\n');
}

async function handle(request, response) {
  try {
    const [status, bytes] = await answer(request, response);
    const path = new URL(request.url, 'http://localhost').pathname;
    console.log(`access ${request.method} ${path} ${status} ${bytes}`);
  } catch (error) {
    console.error(`no answer to ${request.method} ${request.url}: ${error.message}`);
    response.destroy(); // the client went away, or asked for what cannot be done
  }
}

const [, , option, certificate, key] = process.argv;
const server =
  option === '--tls'
    ? https.createServer({cert: fs.readFileSync(certificate), key: fs.readFileSync(key)}, handle)
    : http.createServer(handle);
server.keepAliveTimeout = 60_000; // as others have it; 5 s is Node's own
const address = process.argv.at(-1);
const colon = address.lastIndexOf(':');
const host = address.slice(0, colon);
server.listen(Number(address.slice(colon + 1)), host.replace(/[[\]]/g, ''), () =>
  console.log(`listening on ${host}:${server.address().port}`));
