#!/usr/bin/env python3
"""The models of impact against published tables, printed figures, and fifty-digit arithmetic.

    impact.py BINARY

Tables are read from the reference folder beside the repository, where it exists (REFERENCE_DATA says another place).
"""
import csv
import json
import math
import os
import random
import re
import subprocess
import sys
from decimal import Decimal as D

import exact

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DATA = os.environ.get('REFERENCE_DATA', os.path.join(os.path.dirname(ROOT), 'shared', 'data')) + '/models'
BEST = 1e-12                                            # relative, where the reference has digits enough


class Checks:
    passed = failed = skipped = 0

    def true(self, name, good, detail=''):
        self.passed += bool(good)
        self.failed += not good
        if not good:
            print(f'{name}: {detail}')

    def near(self, name, got, wanted, relative=BEST, absolute=0.0):
        wanted = float(wanted)
        good = got is not None and (got == wanted or abs(got - wanted) <= max(relative * abs(wanted), absolute))
        self.true(name, good, f'{got!r}, wanted {wanted!r}, tolerance {relative:g}')

    def digits(self, name, got, text):
        """As near as the digits of `text` can tell, and no nearer than BEST."""
        figures = re.sub(r'[eE].*|[^0-9]', '', text).lstrip('0')
        self.near(name, got, text, max(BEST, 0.501 * 10.0 ** (1 - len(figures)) if len(figures) < 15 else 0))


check = Checks()
binary = sys.argv[1] if len(sys.argv) > 1 else f'{ROOT}/build/run/tradecost'


def run(model, **inputs):
    pairs = [f'{key.rstrip("_")}={value}' for key, value in inputs.items()]
    command = [binary, 'model', 'eval', model, *pairs, '--format', 'json']
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    return done.returncode, done.stdout, done.stderr


def evaluate(model, **inputs):
    status, out, error = run(model, **inputs)
    if status:
        raise SystemExit(f'{model} {inputs}: {error}')
    result = json.loads(out)
    assert list(result)[:7] == ['model', 'version', 'inputs', 'steps', 'result', 'se', 'sd'], list(result)
    assert all(set(given) == {'value', 'unit'} for given in result['inputs'].values())
    assert list(result['result']) == ['price', 'bps', 'rupees']
    return result


def table(name):
    path = f'{DATA}/{name}.csv'
    if not os.path.exists(path):
        check.skipped += 1
        print(f'skipped: {path} is not here')
        return []
    with open(path, newline='') as file:
        return list(csv.DictReader(file))


def square_root_table():
    for row in table('sqrt_law_computed'):
        got = evaluate('square-root', q=D(row['Q_over_V']) * 1000000, v=1000000, sigma=row['daily_vol'], y=row['Y'])
        check.digits('square-root peak', got['steps']['peak_bps'], row['peak_impact_bps'])
        check.digits('square-root average', got['result']['bps'], row['avg_cost_bps=2/3*peak'])


def almgren_chriss_table():
    for row in table('almgren_chriss2000_computed'):
        got = evaluate('almgren-chriss', x=1e6, t=5, n=5, sigma='0.95', gamma='2.5e-7', eta='2.5e-6', epsilon='0.0625',
                       lambda_=row['lambda'], alpha=row['alpha_drift'], price=50)
        steps, name = got['steps'], f'almgren-chriss {row["tag"]} {row["lambda"]}'
        for key, column in {'kappa': 'kappa', 'e': 'E', 'v': 'V', 'sqrt_v': 'sqrtV', 'var95': 'VaR95(1.645)'}.items():
            check.digits(f'{name} {key}', steps[key], row[column])
        if row['theta=1/kappa'] == 'inf':
            check.true(f'{name} theta', steps['theta'] is None)
        else:
            check.digits(f'{name} theta', steps['theta'], row['theta=1/kappa'])
        for j in range(6):
            check.near(f'{name} x{j}', steps['holdings'][j], row[f'x{j}'])
        for j in range(5):
            check.near(f'{name} n{j + 1}', steps['trades'][j], row[f'n{j + 1}'])
        check.near(f'{name} bps', got['result']['bps'], D(row['E']) / 5000)
        check.near(f'{name} sd', got['sd'], D(row['sqrtV']) / 5000)


def power_law_table():
    for row in table('almgren2003_powerlaw_computed'):
        k = D(row['k'])
        eta = D('0.5') / exact.power(D(100000), k)      # h = 0.5 at v = 1e5; the table prints twelve digits of it
        got = evaluate('almgren2003', x=100000, k=k, eta=eta, sigma=1, lambda_=row['lambda'], t=1, n=10)['steps']
        name = f'almgren2003 {row["lambda"]} {k}'
        check.digits(f'{name} t_star', got['t_star'], row['Tstar_day'])
        check.digits(f'{name} e', got['e'], row['E'])
        check.digits(f'{name} sqrt_v', got['sqrt_v'], row['sqrtV'])
        if row['Tmax_day'] == '+inf':
            check.true(f'{name} t_max', got['t_max'] is None)
        else:
            check.digits(f'{name} t_max', got['t_max'], row['Tmax_day'])
        for at in ('0.1', '0.2', '0.5', '1.0'):
            check.digits(f'{name} x({at})', got['holdings'][round(10 * float(at))] / 100000, row[f'x({at})/X'])


def istar_table():
    sets = {row['source']: row for row in table('istar_params')}
    for row in table('istar_computed'):
        parameters = {key: sets[row['params']][key] for key in ('a1', 'a2', 'a3', 'a4', 'b1')}
        got = evaluate('istar', q=D(row['Q_over_ADV']) * 1000000, adv=1000000, sigma=row['annual_vol'], pov=row['POV'], **parameters)
        for key, column in {'istar_bps': 'I_bps', 'temporary_bps': 'temp_bps', 'permanent_bps': 'perm_bps', 'cost_bps': 'MI_bps',
                            'timing_risk_bps': 'TR_bps(Tm=250)'}.items():
            check.digits(f'istar {key}', got['steps'][key], row[column])
        check.near('istar sd', got['sd'], got['steps']['timing_risk_bps'], 0)


def obizhaeva_wang_table():
    for row in table('obizhaeva_wang_cost_computed'):
        kappa, lam = D(row['kappa=1/q-lambda']), D(row['lambda'])
        got = evaluate('obizhaeva-wang', x=row['X0'], t=row['T'], rho=row['rho'], q=1 / (kappa + lam), lambda_=lam)['steps']
        for key, column in {'x0': 'x0=xT', 'xT': 'x0=xT', 'rate': 'rate', 'cost_optimal': 'cost_opt_net', 'cost_twap': 'cost_twap_net',
                            'cost_immediate': 'cost_market_now'}.items():
            check.digits(f'obizhaeva-wang {key}', got[key], row[column])


def propagator_tables():
    for row in table('propagator_optimal_computed'):
        decay = {'rho': row['rho_tau'], 'tau': 1} if row['kernel'] == 'exp' else {'gamma': row['gamma']}
        got = evaluate('propagator', x=1, n=row['n_slices'], **decay)['steps']
        name = f'propagator {row["kernel"]} {row["n_slices"]}'
        check.digits(f'{name} first', got['q'][0], row['q_first_over_X'])
        check.digits(f'{name} second', got['q'][1], row['q_second_over_X'])
        check.digits(f'{name} middle', got['q'][len(got['q']) // 2], row['q_mid(index n//2)_over_X'])
        check.digits(f'{name} cost', got['cost'], row["cost_opt=0.5*q'Mq (X=1;G(0)=1)"])
        check.digits(f'{name} twap', got['twap_cost'], row['cost_twap'])
    for row in table('propagator_relaxation_computed'):
        got = evaluate('propagator-relaxation', gamma=row['gamma'], u=row['t_over_T'])['steps']
        check.digits('relaxation now', got['impact_over_peak'], row['impact_over_peak'])
        check.digits('relaxation average', got['average_over_peak'], row['average_cost_over_peak'])


def framework_tables():
    for row in table('cvxportfolio_tcost_computed'):
        got = evaluate('cvxportfolio', x=row['x_dollar'], v=row['V_dollar'], sigma=row['sigma'], a=row['a'], b=row['b'], c=row['c'])
        check.near('cvxportfolio', got['result']['rupees'], row['cost_dollar'])
    for row in table('lean_slippage_tests'):
        if 'forex' in row['model']:
            continue                                    # no exchange's market: it reports no volume there
        if row['model'] == 'VolumeShareSlippageModel':
            got = evaluate('lean-volume-share', quantity=row['order_qty'], price=row['price'], volume=row['bar_volume'],
                           volume_limit=row['volume_limit'], price_impact=row['price_impact'])
        else:
            percent = row['price_impact'] or '0.0001'
            got = evaluate('lean-constant', quantity=row['order_qty'], price=row['price'], percent=percent)
        check.near(f'lean {row["test"]}', got['result']['price'], row['slippage_per_share'])


def seed_table():
    impacts = {'linear_cost': 'seed-linear', 'sqrt_cost': 'seed-square-root', 'adaptive_cost': 'seed-adaptive'}
    slips = {'delay_slip': 'seed-delay-slippage', 'size_slip': 'seed-size-slippage', 'cond_slip': 'seed-condition-slippage'}
    book, order = ('bid', 'ask'), ('quantity', 'price')
    takes = {'seed-linear': (*order, 'adv', 'daily_vol'), 'seed-square-root': (*order, 'adv', 'daily_vol'),
             'seed-adaptive': (*order, 'adv', 'daily_vol', *book, 'time'), 'seed-delay-slippage': (*order, 'daily_vol', 'delay_s'),
             'seed-size-slippage': (*order, *book, 'bid_size', 'ask_size'),
             'seed-condition-slippage': (*order, 'daily_vol', *book, 'delay_s', 'order_type'),
             'seed-slippage': (*order, 'daily_vol', *book, 'bid_size', 'ask_size', 'delay_s', 'order_type')}

    def of(model, row):
        return evaluate(model, **{key: row[key] for key in takes[model] if row[key]})
    for index, row in enumerate(table('seed_models_oracle')):
        for column, model in impacts.items():
            got = of(model, row)
            check.near(f'{model} {index}', got['result']['rupees'], row[column])
            if model == 'seed-adaptive':
                check.near(f'{model} {index} alpha', got['steps']['adaptive_alpha'], row['adaptive_alpha'])
        got = of('seed-slippage', row)
        for column, model in slips.items():
            check.near(f'seed-slippage {index} {column}', got['steps'][column], row[column])
            if index % 6 == 0:
                check.near(f'{model} {index}', of(model, row)['result']['rupees'], row[column])
        check.near(f'seed-slippage {index}', got['result']['rupees'], row['total_slip'])
        check.near(f'seed-slippage {index} bps', got['result']['bps'], row['total_slip_bps'])


def printed():
    """Figures that the papers print, to their digits."""
    for v, theta, sigma, permanent, rows in (
            (6561000, 1728000000, '0.0157', 19.86, ((.1, 22, 32), (.2, 15, 25), (.5, 8, 18))),
            (1929000, 168000000, '0.0226', 21.679, ((.1, 32, 43), (.2, 21, 32), (.5, 12, 23)))):
        for t, temporary, whole in rows:                # IBM and DRI, Almgren et al. 2005, section 4.3
            got = evaluate('almgren2005', x=v // 10, v=v, theta=theta, sigma=sigma, t=t, price=100)
            check.near('almgren2005 permanent', got['steps']['permanent_bps'], permanent, 0, .0006)
            check.true('almgren2005 temporary', round(got['steps']['temporary_bps']) == temporary, got['steps'])
            check.true('almgren2005 cost', round(got['steps']['cost_bps']) == whole, got['steps'])
            check.true('almgren2005 calibration', got['se'] > 0 and 'uncalibrated' in got['calibration'])
    for pov, bps in ((.01, '3.9591345864197'), (.05, '7.0169712236701')):
        check.near('jpm', evaluate('jpm', pov=pov, vol=.25, spread=.0005)['result']['bps'], bps, 1e-13)
    got = evaluate('kyle', q=1000, sigma0='0.25', sigma_u=1000)['steps']
    check.near('kyle lambda', got['lambda'], 2.5e-4)
    check.near('kyle beta', got['beta'], 2000)
    got = evaluate('almgren-chriss', x=1e6, t=5, n=5, sigma='0.95', gamma='2.5e-7', eta='2.5e-6', epsilon='0.0625', lambda_=1e-6,
                   alpha='0.02')
    check.near('static holding', got['steps']['xbar'], 11080.3, 0, .05)
    for rho in ('0.001', '0.01', '0.5', '1', '2', '4', '5', '10', '20', '50', '300', '1000'):   # Obizhaeva and Wang, table 1
        got = evaluate('obizhaeva-wang', x=100000, t=1, rho=rho, q=5000, lambda_='0.0001')['steps']
        check.near('obizhaeva-wang x0', got['x0'], 100000 / (D(rho) + 2))
    for gamma, u, now in (('.5', 2, .414213562373095), ('.5', 10, .162277660168379)):
        check.near('relaxation', evaluate('propagator-relaxation', gamma=gamma, u=u)['steps']['impact_over_peak'], now, 1e-14)


def drawn(rng, low, high):
    """A number of six figures, spread evenly over the logarithm."""
    return D(f'{math.exp(rng.uniform(math.log(low), math.log(high))):.6g}')


def draws(rng, **ranges):
    return {key: drawn(rng, *ends) for key, ends in ranges.items()}


def compare(name, got, wanted, relative=BEST):
    for key, value in wanted.items():
        if isinstance(value, list):
            scale = max(abs(float(one)) for one in value)
            check.true(f'{name} {key}', len(got[key]) == len(value), len(got[key]))
            for one, other in zip(got[key], value):
                check.near(f'{name} {key}', one, other, relative, 1e-14 * scale)
        else:
            check.near(f'{name} {key}', got[key], value, relative)


def random_closed_forms(rng):
    for _ in range(20):
        given = draws(rng, q=(1, 1e7), v=(1e4, 1e9), sigma=(.001, .2), y=(.1, 3), delta=(.1, 1))
        compare('square-root', evaluate('square-root', **given)['steps'], exact.square_root(**given))
        given = draws(rng, x=(1, 1e7), v=(1e4, 1e9), theta=(1e6, 1e10), sigma=(.001, .2), t=(.001, 5))
        compare('almgren2005', evaluate('almgren2005', price=100, **given)['steps'], exact.almgren2005(**given))
        free = dict(given, alpha=D('0.891'), delta=D('0.267'), gamma=drawn(rng, .1, 1), eta=drawn(rng, .01, 1), beta=drawn(rng, .3, .9))
        compare('almgren2005 free', evaluate('almgren2005', price=100, **free)['steps'], exact.almgren2005(**free))
        given = draws(rng, q=(1, 1e6), adv=(1e4, 1e8), sigma=(.05, 1), pov=(.001, .9), a1=(100, 1000), a2=(.1, 1), a3=(.1, 1),
                      a4=(.1, 1), b1=(.7, 1))
        compare('istar', evaluate('istar', **given)['steps'], exact.istar(**given))
        given = draws(rng, q=(1, 1e6), v=(1e4, 1e8), sigma=(.001, .2), a=(.01, 1), b=(1, 1000))
        compare('log-saturating', evaluate('log-saturating', **given)['steps'], exact.log_saturating(**given))
        gamma, u = drawn(rng, .05, .95), drawn(rng, 1e-3, 1e6)
        compare('relaxation', evaluate('propagator-relaxation', gamma=gamma, u=u)['steps'], exact.relaxation(gamma, u))
        x, v, sigma, e = drawn(rng, 1, 1e9), drawn(rng, 1e3, 1e11), drawn(rng, .001, .2), drawn(rng, 1, 2)
        got = evaluate('cvxportfolio', x=x, v=v, sigma=sigma, a='0.0005', c='-0.0001', e=e)
        check.near('cvxportfolio', got['result']['rupees'], exact.cvxportfolio(x, v, sigma, D('0.0005'), D(1), D('-0.0001'), e))
        x, k, lam, t = drawn(rng, 1, 1e7), drawn(rng, .1, 3), drawn(rng, 1e-8, 1e-3), drawn(rng, .01, 3)
        eta, sigma = exact.power(x, -k) * drawn(rng, .01, 1), drawn(rng, .1, 10)
        eta = D(f'{eta:.12g}')
        got = evaluate('almgren2003', x=x, k=k, eta=eta, sigma=sigma, lambda_=lam, t=t, n=4)['steps']
        compare('almgren2003', got, exact.almgren2003(x, k, eta, sigma, lam, [t * j / 4 for j in range(5)]), 1e-11)


def random_schedules(rng):
    for turn in range(24):
        given = draws(rng, x=(1e3, 1e7), t=(.01, 10), sigma=(.1, 20), epsilon=(.001, 1))
        n = rng.choice((1, 2, 3, 5, 10, 50, 200))
        given['eta'] = drawn(rng, 1e-8, 1e-4)
        given['gamma'] = D(f'{given["eta"] * 2 * n / given["t"] * D(rng.uniform(0, .9)):.6g}')
        scale = given['eta'] / given['sigma'] ** 2 / given['t'] ** 2     # lambda that makes kappa T near 1
        lam = D(f'{scale * drawn(rng, 1e-8, 1e3):.6g}') if turn % 4 else -D(f'{scale * drawn(rng, .01, .9):.6g}')
        alpha = D(0) if turn % 3 else D(f'{drawn(rng, 1e-4, 1) * given["sigma"] * (-1) ** turn / 100:.6g}')
        compare(f'almgren-chriss {given} {n} {lam} {alpha}', evaluate('almgren-chriss', n=n, lambda_=lam, alpha=alpha, **given)['steps'],
                exact.almgren_chriss(n=n, lam=lam, alpha=alpha, **given), 1e-11)
        if lam > 0 and alpha == 0:
            got, (e, v) = evaluate('almgren-chriss', n=n, lambda_=lam, **given)['steps'], exact.closed_forms(n=n, lam=lam, **given)
            check.near('almgren-chriss (20) E', got['e'], e, 1e-11)
            check.near('almgren-chriss (20) V', got['v'], v, 1e-11)
    for _ in range(20):
        given = draws(rng, x=(1, 1e7), t=(.01, 10), rho=(1e-9, 1e3), q=(10, 1e6))
        lam = D(f'{drawn(rng, .01, .9) / given["q"]:.6g}')
        compare('obizhaeva-wang', evaluate('obizhaeva-wang', lambda_=lam, **given)['steps'], exact.obizhaeva_wang(lam=lam, **given))
    for _ in range(5):
        given = draws(rng, x=(1e3, 1e6), t=(.2, 2), rho=(.5, 3), q=(100, 1e6), sigma=(.1, 5))
        lam = D(f'{drawn(rng, .01, .9) / given["q"]:.6g}')
        a = D(f'{drawn(rng, .01, 10) / given["q"] / given["t"] / given["sigma"] ** 2:.6g}')
        got = evaluate('obizhaeva-wang', lambda_=lam, a=a, n=7, **given)['steps']
        wanted = exact.obizhaeva_wang_averse(lam=lam, a=a, **given)
        check.near('obizhaeva-wang averse x0', got['x0'], wanted['x0'], 1e-9)
        check.near('obizhaeva-wang averse', got['cost_optimal'] + float(a) / 2 * got['v'], wanted['objective'], 1e-6)
        check.near('obizhaeva-wang averse first', float(given['x']) - got['holdings'][0], got['x0'], 1e-11)
        check.near('obizhaeva-wang averse last', got['holdings'][-1], got['xT'], 1e-12)
    for _ in range(8):
        n, gamma, rho, tau = rng.randint(2, 24), drawn(rng, .05, 2), drawn(rng, 1e-3, 10), drawn(rng, .01, 3)
        kernel = [exact.power(1 + k * tau, -gamma) for k in range(n)]
        got = evaluate('propagator', x=1000, n=n, gamma=gamma, tau=tau)['steps']
        compare('propagator power', got, exact.propagator(D(1000), kernel), max(1e-11, 1e-13 / got['condition']))
        kernel = [(-rho * tau * k).exp() for k in range(n)]
        got = evaluate('propagator', x=1000, n=n, rho=rho, tau=tau)['steps']
        compare('propagator exponential', got, exact.propagator(D(1000), kernel), 1e-11)


def limits():
    """What a schedule tends to as its intervals shrink, and as nothing is feared."""
    table1 = {'x': 1e6, 't': 5, 'sigma': '0.95', 'gamma': '2.5e-7', 'eta': '2.5e-6', 'epsilon': '0.0625'}
    got = evaluate('almgren-chriss', n=5000, lambda_=1e-6, **table1)['steps']
    k = float((D('1e-6') * D('0.9025') / D('2.5e-6')).sqrt())
    e = 125000 + 62500 + 2.5e6 * k * (math.sinh(10 * k) + 10 * k) / (4 * math.sinh(5 * k) ** 2)
    v = .9025e12 * (math.sinh(10 * k) - 10 * k) / (4 * k * math.sinh(5 * k) ** 2)
    check.near('5000 intervals E', got['e'], 964514.33, 0, .005)
    check.near('5000 intervals E towards the limit', got['e'], e, 5e-5)
    check.near('5000 intervals V towards the limit', got['v'], v, 1e-3)
    check.near('limit E', e, 964537.15, 0, .005)
    naive = 125000 + 62500 + (2.5e-6 - 1.25e-7) * 1e12 / 5
    for lam in ('0', '1e-18', '-1e-18', '1e-300'):
        check.near(f'naive at {lam}', evaluate('almgren-chriss', n=5, lambda_=lam, **table1)['steps']['e'], naive, 1e-11)
    at_once = evaluate('almgren-chriss', n=5, lambda_='1e9', **table1)['steps']
    check.near('all at once E', at_once['e'], 62500 + 2.5e6, 1e-6)
    frontier = [evaluate('almgren-chriss', n=50, lambda_=f'1e{p}', **table1)['steps'] for p in range(-9, -3)]
    check.true('frontier', all(a['e'] < b['e'] and a['v'] > b['v'] for a, b in zip(frontier, frontier[1:])))


def refusals():
    good = {'x': 1e6, 't': 5, 'n': 5, 'sigma': .95, 'gamma': 2.5e-7, 'eta': 2.5e-6, 'epsilon': .0625, 'lambda_': 1e-6}
    ath = {'x': 1e5, 'v': 1e6, 'theta': 1e8, 'sigma': .02, 't': .1, 'price': 100}
    star = {'q': 1e5, 'adv': 1e6, 'sigma': .3, 'pov': .1, 'a1': 708, 'a2': .55, 'a3': .71, 'a4': .5, 'b1': .98}
    cases = [
        ('almgren-chriss', good | {'gamma': 1e-3}, 1, 'eta_tilde'), ('almgren-chriss', good | {'gamma': 5e-6}, 1, 'eta_tilde'),
        ('almgren-chriss', good | {'lambda_': -1.1e-6}, 1, 'no solution'), ('almgren-chriss', good | {'lambda_': -1}, 1, 'no solution'),
        ('almgren-chriss', good | {'n': 2.5}, 1, 'whole'), ('almgren-chriss', good | {'n': 0}, 1, 'outside the domain'),
        ('almgren-chriss', good | {'t': 0}, 1, 'outside the domain'), ('almgren-chriss', good | {'t': -1}, 1, 'outside the domain'),
        ('almgren-chriss', good | {'x': 0}, 1, 'outside the domain'), ('almgren-chriss', good | {'x': '1e200'}, 1, 'overflow'),
        ('almgren2005', ath | {'v': 0}, 1, 'outside the domain'), ('almgren2005', ath | {'v': 'nan'}, 2, 'bad number'),
        ('almgren2005', ath | {'t': 0}, 1, 'outside the domain'), ('almgren2005', ath | {'sigma': 0}, 1, 'outside the domain'),
        ('almgren2005', ath | {'sigma': 'inf'}, 2, 'bad number'), ('almgren2005', ath | {'x': '1e400'}, 2, 'bad number'),
        ('almgren2005', ath | {'x': ''}, 2, 'bad number'), ('almgren2005', ath | {'q': 1}, 2, 'x v theta sigma t price [gamma]'),
        ('almgren2005', {key: ath[key] for key in ('x', 'v', 'sigma', 't', 'price')}, 2, 'missing key: theta'),
        ('istar', star | {'pov': 0}, 1, 'outside the domain'), ('istar', star | {'pov': 1}, 1, 'outside the domain'),
        ('istar', star | {'pov': 1.2}, 1, 'outside the domain'), ('istar', star | {'adv': 0}, 1, 'outside the domain'),
        ('square-root', {'q': 1e5, 'v': 0, 'sigma': .02}, 1, 'outside the domain'),
        ('square-root', {'q': -1, 'v': 1, 'sigma': .02}, 1, 'outside the domain'),
        ('square-root', {'q': '1e308', 'v': '1e-300', 'sigma': '1'}, 1, 'overflow'),
        ('obizhaeva-wang', {'x': 1, 't': 0, 'rho': 1, 'q': 1, 'lambda_': 0}, 1, 'outside the domain'),
        ('obizhaeva-wang', {'x': 1, 't': 1, 'rho': 1, 'q': 1, 'lambda_': 1}, 1, 'outside the domain'),
        ('propagator', {'x': 1, 'n': 5}, 2, 'rho, or gamma'), ('propagator', {'x': 1, 'n': 5, 'rho': 1}, 2, 'tau'),
        ('propagator', {'x': 1, 'n': 5, 'rho': 1, 'tau': 1, 'gamma': 1}, 1, 'two kernels'),
        ('propagator', {'x': 1, 'n': 5, 'rho': -1, 'tau': 1}, 1, 'outside the domain'),
        ('propagator', {'x': 1, 'n': 300, 'gamma': '1e-14'}, 1, 'no solution'),
        ('kyle', {'q': 1, 'lambda_': 1, 'sigma0': 1, 'sigma_u': 1}, 1, 'twice'),
        ('seed-adaptive', {'quantity': 1, 'price': 1, 'adv': 1, 'daily_vol': .1, 'bid': 1, 'ask': 1, 'time': '24:00'}, 2, 'hh:mm'),
        ('seed-size-slippage', {'quantity': 1, 'bid': 2, 'ask': 1}, 1, 'below bid'),
        ('zipline-volume-share', {'quantity': 1, 'price': 100, 'volume': 10}, 1, 'nothing is filled'),
        ('no-such-model', {}, 2, 'unknown model')]
    for model, inputs, wanted, words in cases:
        status, out, error = run(model, **inputs)
        check.true(f'refusal {model} {words}', status == wanted and words in error and not out, f'{status} {error}')


def main():
    rng = random.Random(20000)
    for part in (square_root_table, almgren_chriss_table, power_law_table, istar_table, obizhaeva_wang_table, propagator_tables,
                 framework_tables, seed_table, printed, limits, refusals):
        part()
    random_closed_forms(rng)
    random_schedules(rng)
    print(f'{check.passed} passed, {check.failed} failed' + (f', {check.skipped} tables skipped' if check.skipped else ''))
    return 1 if check.failed else 0


if __name__ == '__main__':
    sys.exit(main())
