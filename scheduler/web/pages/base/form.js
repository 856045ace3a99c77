/* form.js - what a form holds until it is sent. */
import { useState } from './html.js';

/* What the field of a name is given: its value, and what becomes of another one. */
export const fieldsOf = (of, set) => (name) => ({ value: of[name], onInput: (value) => set({ [name]: value }) });

/* [what it holds, set({ name: value }), field('name')] */
export function useForm(first) {
    const [of, change] = useState(first);
    const set = (part) => change((old) => ({ ...old, ...part }));
    return [of, set, fieldsOf(of, set)];
}
