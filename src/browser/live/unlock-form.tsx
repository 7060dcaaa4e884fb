import { useState } from 'preact/hooks';
import { Button } from '../design/button.js';
import { Field } from '../design/field.js';
import type { ApiError } from './api.js';
import { merchant, unlock } from './state.js';

/** Asks once for the merchant's password or the admin token. */
export function UnlockForm() {
  const [password, setPassword] = useState('');
  const [wrong, setWrong] = useState<string | undefined>(undefined);
  const send = async (event: Event) => {
    event.preventDefault();
    try {
      await unlock(password);
      setWrong(undefined);
    } catch (error) {
      setWrong((error as ApiError).message);
    }
    setPassword('');
  };
  return (
    <form class="unlock panel" onSubmit={send}>
      <h2>This sandbox is locked</h2>
      <p>
        It knows its merchants. Give the password of <strong>{merchant.value}</strong>, or the admin token that opens
        every merchant. It is asked for once, and kept by the sandbox until it stops.
      </p>
      <Field
        label="Password or admin token"
        type="password"
        autocomplete="current-password"
        value={password}
        wrong={wrong}
        required
        onInput={(event) => setPassword(event.currentTarget.value)}
      />
      <Button look="primary" type="submit">
        Unlock
      </Button>
    </form>
  );
}
