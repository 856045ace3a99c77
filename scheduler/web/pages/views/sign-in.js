/* sign-in.js - name and password; then, where the account has one, the second factor. */
import { html, useLayoutEffect, useRef, useState } from '../base/html.js';
import { post } from '../base/api.js';
import { t } from '../base/words.js';
import { asCode } from '../parts/factor.js';
import { TextField } from '../parts/fields.js';
import { ProblemBox } from '../parts/say.js';

export function SignIn({ onIn }) {
    const [login, setLogin] = useState('');
    const [password, setPassword] = useState('');
    const [code, setCode] = useState(null); /* null: not asked for yet */
    const [state, setState] = useState({ busy: false, problem: null });
    const form = useRef(null);
    const asks = code !== null;
    useLayoutEffect(() => { if (asks) form.current.querySelector('input').focus(); }, [asks]);

    const back = () => { setCode(null); setPassword(''); setState({ busy: false, problem: null }); };
    const submit = async () => {
        setState({ busy: true, problem: null });
        try {
            await post('session', { login: login.trim(), password, ...(code && { code }) });
            back();
            await onIn();
        } catch (problem) {
            if (problem.code === 'code-wanted') {
                setCode('');
                setState({ busy: false, problem: null });
                return;
            }
            if (problem.code === 'sign-in') problem.code = 'wrong-password';
            setState({ busy: false, problem });
        }
    };
    return html`<form class="stack" onSubmit=${submit} ref=${form}>
        <h1>${t('sign_in.title')}</h1>
        ${asks ? html`<${TextField} key="code" label=${t('sign_in.code')} value=${code} onInput=${setCode} hint=${t('sign_in.code_hint')} ...${asCode} />`
            : html`<${TextField} label=${t('sign_in.login')} value=${login} onInput=${setLogin}
                autocomplete="username" autocapitalize="none" spellcheck="false" required />
            <${TextField} label=${t('sign_in.password')} value=${password} onInput=${setPassword}
                type="password" autocomplete="current-password" required />`}
        <${ProblemBox} problem=${state.problem} />
        <button class="main" disabled=${state.busy || !login.trim() || !password || (asks && !code.trim())}>${t('sign_in.act')}</button>
        ${asks && html`<button type="button" class="plain" onClick=${back}>${t('sign_in.back')}</button>`}
    </form>`;
}
