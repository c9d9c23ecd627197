// Refuses every connection but loopback, and every name but localhost, in this process. Loaded by the suite's set-up
// and, through NODE_OPTIONS=--import, by every Node.js process that a test starts.
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

const loopback = (host) =>
  host === undefined ||
  host === '' ||
  /^(\[?::1\]?|(::ffff:)?127(\.\d{1,3}){3}|([a-z0-9-]+\.)*localhost\.?)$/i.test(host);

const refusal = (host) =>
  Object.assign(new Error(`no test may reach ${host}: only loopback is open`), { code: 'ENETUNREACH' });

const installed = Symbol.for('kms-lab.no-aws');

if (!globalThis[installed]) {
  globalThis[installed] = true;
  guardSockets();
  guardNames(dns);
  guardNames(dns.Resolver.prototype);
  guardPromises(dns.promises);
  guardPromises(dns.promises.Resolver.prototype);
  syncBuiltinESMExports();
}

function guardSockets() {
  const { connect } = net.Socket.prototype;
  net.Socket.prototype.connect = function (...args) {
    // Called as (options), (port, host), (path), or by net.connect with an array of these.
    const [first, second] = Array.isArray(args[0]) ? args[0] : args;
    const options = typeof first === 'object' && first !== null ? first : { port: first, host: second };
    const host = typeof options.host === 'string' ? options.host : undefined;
    const pipe = options.path !== undefined || (typeof first === 'string' && !/^\d+$/.test(first));
    if (pipe || loopback(host)) return connect.apply(this, args);
    process.nextTick(() => this.destroy(refusal(host)));
    return this;
  };
}

function guardNames(target) {
  for (const name of Object.getOwnPropertyNames(target).filter((each) => /^(lookup|resolve)/.test(each))) {
    const original = target[name];
    if (typeof original !== 'function') continue;
    target[name] = function (host, ...rest) {
      if (loopback(host)) return original.call(this, host, ...rest);
      const callback = rest.at(-1);
      if (typeof callback !== 'function') throw refusal(host);
      process.nextTick(callback, refusal(host));
    };
  }
}

function guardPromises(target) {
  for (const name of Object.getOwnPropertyNames(target).filter((each) => /^(lookup|resolve)/.test(each))) {
    const original = target[name];
    if (typeof original !== 'function') continue;
    target[name] = function (host, ...rest) {
      return loopback(host) ? original.call(this, host, ...rest) : Promise.reject(refusal(host));
    };
  }
}
