/** Why a program cannot listen at an address, and what the operator can do. */
export type ListenError = {
  readonly kind: 'in-use' | 'forbidden' | 'unavailable' | 'failed';
  readonly reason: string;
};

/** Explains the error of the system when a socket was bound. */
export function listenErrorOf({ code, message }: NodeJS.ErrnoException): ListenError {
  switch (code) {
    case 'EADDRINUSE':
      return { kind: 'in-use', reason: 'another program listens there; end it or choose another port' };
    case 'EACCES':
      return {
        kind: 'forbidden',
        reason: 'this user may not listen there; choose a port above 1023 or grant CAP_NET_BIND_SERVICE',
      };
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
      return {
        kind: 'unavailable',
        reason: 'this machine has no such address; choose one of its own, or 0.0.0.0 or [::] for all of them',
      };
    default:
      return { kind: 'failed', reason: `cannot listen there (${code ?? message})` };
  }
}
