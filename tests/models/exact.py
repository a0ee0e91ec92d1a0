"""The models of impact a second time, from their papers' formulas and in fifty digits.

Nothing here is arranged against cancellation as the C code is: the digits are there to be lost.
"""
from decimal import Decimal as D
from decimal import getcontext

getcontext().prec = 50
PI = D('3.14159265358979323846264338327950288419716939937510582097494')


def power(x, y):
    return D(0) if x == 0 else (D(y) * D(x).ln()).exp()


def sinh(x):
    return (x.exp() - (-x).exp()) / 2


def cosh(x):
    return (x.exp() + (-x).exp()) / 2


def tanh(x):
    return sinh(x) / cosh(x)


def asinh(x):
    return (x + (x * x + 1).sqrt()).ln()


def sin(x):
    term = total = x
    k = 1
    while abs(term) > D('1e-55'):
        term *= -x * x / ((k + 1) * (k + 2))
        total += term
        k += 2
    return total


def cos(x):
    return sin(PI / 2 - x)


def asin(x):
    y = D(float(x))                      # Newton on sin y = x, quadratic from any start this near
    for _ in range(60):
        step = (sin(y) - x) / cos(y)
        y -= step
        if abs(step) < D('1e-45'):
            break
    return y


def square_root(q, v, sigma, y, delta):
    peak = y * sigma * power(q / v, delta) * 10000
    return {'peak_bps': peak, 'cost_bps': peak / (1 + delta)}


def almgren2005(x, v, theta, sigma, t, gamma=D('0.314'), eta=D('0.142'), alpha=D(1), beta=D('0.6'), delta=D('0.25')):
    rate = abs(x) / (v * t)
    permanent = gamma * sigma * t * power(rate, alpha) * power(theta / v, delta) * 10000
    temporary = eta * sigma * power(rate, beta) * 10000
    return {'permanent_bps': permanent, 'temporary_bps': temporary, 'cost_bps': permanent / 2 + temporary}


def almgren2003(x, k, eta, sigma, lam, times=()):
    t_star = power(k * eta * power(x, k - 1) / (lam * sigma ** 2), 1 / (k + 1))
    share = (k + 1) / (3 * k + 1)

    def left(t):
        if k == 1:
            return x * (-t / t_star).exp()
        base = 1 + (1 - k) / (1 + k) * t / t_star
        return x * power(base, -(1 + k) / (1 - k)) if base > 0 else D(0)
    return {'t_star': t_star, 'e': eta * power(x, k + 1) * power(t_star, -k) * share, 'v': sigma ** 2 * x ** 2 * t_star * share,
            'holdings': [left(t) for t in times]}


def istar(q, adv, sigma, pov, a1, a2, a3, a4, b1):
    whole = a1 * power(q / adv, a2) * power(sigma, a3)
    temporary, permanent = b1 * whole * power(pov, a4), (1 - b1) * whole
    return {'istar_bps': whole, 'temporary_bps': temporary, 'permanent_bps': permanent, 'cost_bps': temporary + permanent,
            'timing_risk_bps': sigma * (q / adv * (1 - pov) / pov / 750).sqrt() * 10000}


def obizhaeva_wang(x, t, rho, q, lam):
    kappa, z = 1 / q - lam, rho * t
    return {'kappa': kappa, 'x0': x / (z + 2), 'xT': x / (z + 2), 'rate': rho * x / (z + 2),
            'cost_optimal': lam * x * x / 2 + kappa * x * x / (z + 2),
            'cost_twap': lam * x * x / 2 + kappa * x * x * (z - 1 + (-z).exp()) / z ** 2,
            'cost_immediate': x * x / (2 * q)}


def obizhaeva_wang_averse(x, t, rho, q, lam, sigma, a):
    """The least of E + a V/2, from the best n trades as n grows (their error falls as 1/n^2, and is extrapolated
    twice), and the first block, from the Riccati equation by Runge and Kutta."""
    kappa, risk = 1 / q - lam, a * sigma ** 2

    def least(n):
        tau = t / n
        matrix = [[kappa * (-rho * tau * abs(i - j)).exp() + risk * tau * min(i, j) for j in range(n + 1)] for i in range(n + 1)]
        return x * x / (2 * sum(solve(matrix, [D(1)] * (n + 1))))
    c = [least(n) for n in (12, 24, 48)]
    d = [(4 * fine - coarse) / 3 for coarse, fine in zip(c, c[1:])]

    def slope(f):
        return (kappa * rho ** 2 * f * f + 2 * risk * rho * (f - 1)) / (2 * rho * kappa + risk)
    f, steps = D(1), 400
    for _ in range(steps):
        h = -t / steps
        k1 = slope(f)
        k2 = slope(f + h / 2 * k1)
        k3 = slope(f + h / 2 * k2)
        f += h / 6 * (k1 + 2 * k2 + 2 * k3 + slope(f + h * k3))
    g = -(slope(f) - rho * f) / (kappa * slope(f) + risk)
    return {'objective': lam * x * x / 2 + (16 * d[1] - d[0]) / 15, 'x0': x / (1 + kappa * g)}


def almgren_chriss(x, t, n, sigma, gamma, eta, epsilon, lam, alpha=D(0)):
    tau = t / n
    eta_tilde = eta - gamma * tau / 2
    squared = lam * sigma ** 2 / eta_tilde
    half = abs(squared).sqrt() * tau / 2
    k = 2 / tau * (asin(half) if squared < 0 else asinh(half))
    s, c = (sin, cos) if squared < 0 else (sinh, cosh)

    def holding(u):                          # (17) and (26)
        if k == 0:
            return x * (t - u) / t + alpha * u * (t - u) / (4 * eta_tilde)
        drift = alpha / (2 * lam * sigma ** 2) * (1 - (s(k * (t - u)) + s(k * u)) / s(k * t)) if alpha else 0
        return x * s(k * (t - u)) / s(k * t) + drift
    holdings = [holding(j * tau) for j in range(n + 1)]
    trades = [a - b for a, b in zip(holdings, holdings[1:])]
    expected = (gamma * x * x / 2 + epsilon * sum(map(abs, trades)) + eta_tilde / tau * sum(m * m for m in trades)
                - alpha * tau * sum(holdings[1:]))
    return {'eta_tilde': eta_tilde, 'kappa': k, 'e': expected, 'v': sigma ** 2 * tau * sum(h * h for h in holdings[1:]),
            'holdings': holdings, 'trades': trades}


def closed_forms(x, t, n, sigma, gamma, eta, epsilon, lam):
    """E and V by the paper's (20), lambda above 0."""
    tau = t / n
    eta_tilde = eta - gamma * tau / 2
    k = 2 / tau * asinh((lam / eta_tilde).sqrt() * sigma * tau / 2)
    e = (gamma * x * x / 2 + epsilon * x
         + eta_tilde * x * x * tanh(k * tau / 2) * (tau * sinh(2 * k * t) + 2 * t * sinh(k * tau)) / (2 * tau ** 2 * sinh(k * t) ** 2))
    v = (sigma ** 2 * x * x / 2 * (tau * sinh(k * t) * cosh(k * (t - tau)) - t * sinh(k * tau))
         / (sinh(k * t) ** 2 * sinh(k * tau)))
    return e, v


def solve(matrix, right):
    """Gauss with pivots."""
    rows = [row[:] + [b] for row, b in zip(matrix, right)]
    n = len(rows)
    for i in range(n):
        best = max(range(i, n), key=lambda r: abs(rows[r][i]))
        rows[i], rows[best] = rows[best], rows[i]
        for r in range(i + 1, n):
            factor = rows[r][i] / rows[i][i]
            rows[r] = [a - factor * b for a, b in zip(rows[r], rows[i])]
    found = [D(0)] * n
    for i in reversed(range(n)):
        found[i] = (rows[i][n] - sum(rows[i][j] * found[j] for j in range(i + 1, n))) / rows[i][i]
    return found


def propagator(x, kernel):
    n = len(kernel)
    matrix = [[kernel[abs(i - j)] for j in range(n)] for i in range(n)]
    ones = solve(matrix, [D(1)] * n)
    trades = [x * one / sum(ones) for one in ones]

    def cost(q):
        return sum(q[i] * matrix[i][j] * q[j] for i in range(n) for j in range(n)) / 2
    return {'q': trades, 'cost': cost(trades), 'twap_cost': cost([x / n] * n)}


def log_saturating(q, v, sigma, a, b):
    z, scale = b * q / v, a * sigma / D(10).ln() * 10000
    return {'peak_bps': scale * (1 + z).ln(), 'cost_bps': scale * ((1 + z) * (1 + z).ln() - z) / z}


def relaxation(gamma, u):
    left = 1 - gamma
    now = power(u, left) if u <= 1 else power(u, left) - power(u - 1, left)
    return {'impact_over_peak': now, 'average_over_peak': 1 / (2 - gamma)}


def cvxportfolio(x, v, sigma, a, b, c, e):
    return a * abs(x) + b * sigma * power(abs(x), e) / power(v + D('1e-8'), e - 1) + c * x
