/// sin(pi x) / (pi x), 1 at 0.
pub fn sinc(x: f64) -> f64 {
    if x == 0.0 {
        return 1.0;
    }
    let angle = std::f64::consts::PI * x;
    libm::sin(angle) / angle
}

/// The periodic Hann window of a length.
pub fn hann(length: usize) -> Vec<f32> {
    let turn = |n: usize| std::f64::consts::TAU * n as f64 / length as f64;
    (0..length).map(|n| (0.5 - 0.5 * libm::cos(turn(n))) as f32).collect()
}

/// The Kaiser window at `x` in [-1, 1]; 0 outside. `beta` as from [`kaiser_beta`].
pub fn kaiser(x: f64, beta: f64) -> f64 {
    if x.abs() > 1.0 {
        return 0.0;
    }
    bessel_i0(beta * (1.0 - x * x).sqrt()) / bessel_i0(beta)
}

/// The beta that gives a stop band of `attenuation_db` (Kaiser 1974).
pub fn kaiser_beta(attenuation_db: f64) -> f64 {
    if attenuation_db > 50.0 {
        0.1102 * (attenuation_db - 8.7)
    } else if attenuation_db > 21.0 {
        0.5842 * libm::pow(attenuation_db - 21.0, 0.4) + 0.078_86 * (attenuation_db - 21.0)
    } else {
        0.0
    }
}

/// The modified Bessel function of order 0 by its power series, to full precision for |x| < 30.
fn bessel_i0(x: f64) -> f64 {
    let quarter = x * x / 4.0;
    let (mut term, mut sum) = (1.0, 1.0);
    for k in 1..80 {
        term *= quarter / f64::from(k * k);
        sum += term;
        if term < sum * 1e-17 {
            break;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::bessel_i0;

    #[test]
    fn bessel_matches_the_tables() {
        // Abramowitz & Stegun, table 9.8.
        assert!((bessel_i0(1.0) - 1.266_065_877_752_008).abs() < 1e-14);
        assert!((bessel_i0(5.0) / 27.239_871_823_604_44 - 1.0).abs() < 1e-14);
    }
}
