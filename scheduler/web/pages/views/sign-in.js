/* sign-in.js - name and password. */
import { html, useState } from '../base/html.js';
import { post } from '../base/api.js';
import { t } from '../base/words.js';
import { TextField } from '../parts/fields.js';
import { ProblemBox } from '../parts/say.js';

export function SignIn({ onIn }) {
    const [login, setLogin] = useState('');
    const [password, setPassword] = useState('');
    const [state, setState] = useState({ busy: false, problem: null });

    const submit = async (event) => {
        event.preventDefault();
        setState({ busy: true, problem: null });
        try {
            await post('/api/session', { login: login.trim(), password });
            setPassword('');
            setState({ busy: false, problem: null });
            await onIn();
        } catch (problem) {
            if (problem.code === 'sign-in') problem.code = 'wrong-password';
            setState({ busy: false, problem });
        }
    };
    return html`<form class="stack" onSubmit=${submit}>
        <h1>${t('sign_in.title')}</h1>
        <${TextField} label=${t('sign_in.login')} value=${login} onInput=${setLogin}
            autocomplete="username" autocapitalize="none" spellcheck="false" required />
        <${TextField} label=${t('sign_in.password')} value=${password} onInput=${setPassword}
            type="password" autocomplete="current-password" required />
        <${ProblemBox} problem=${state.problem} />
        <button class="main" disabled=${state.busy || !login.trim() || !password}>${t('sign_in.act')}</button>
    </form>`;
}
