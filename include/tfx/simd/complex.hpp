// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/simd/pack.hpp>

TFX_BEGIN
namespace simd {

/// L complex numbers: a pack of their real parts and one of their imaginary parts. They lie in turn in memory.
template <class R, int L>
struct pack<std::complex<R>, L> {
  using value_type = std::complex<R>;
  using part = pack<R, L>;
  static constexpr int lanes = L;

  part re, im;

  pack() = default;
  TFX_INLINE pack(std::complex<R> value) : re(value.real()), im(value.imag()) {}
  TFX_INLINE pack(part const& real, part const& imaginary) : re(real), im(imaginary) {}

  TFX_INLINE static pack load(std::complex<R> const* p) { return load(p, L); }
  /// The first n numbers, 1 <= n <= L; the other lanes repeat p[0], and memory past n is not touched.
  TFX_INLINE static pack load(std::complex<R> const* p, int n) {
    R real[L], imaginary[L];
    for (int i = 0; i < L; ++i) {
      real[i] = p[i < n ? i : 0].real();
      imaginary[i] = p[i < n ? i : 0].imag();
    }
    return {part::load(real), part::load(imaginary)};
  }
  TFX_INLINE void store(std::complex<R>* p) const { store(p, L); }
  /// Writes the first n lanes only.
  TFX_INLINE void store(std::complex<R>* p, int n) const {
    R real[L], imaginary[L];
    re.store(real);
    im.store(imaginary);
    for (int i = 0; i < n; ++i) p[i] = {real[i], imaginary[i]};
  }
  /// One lane, slowly.
  TFX_INLINE std::complex<R> operator[](int i) const { return {re[i], im[i]}; }

  TFX_INLINE friend pack operator+(pack const& a, pack const& b) { return {a.re + b.re, a.im + b.im}; }
  TFX_INLINE friend pack operator-(pack const& a, pack const& b) { return {a.re - b.re, a.im - b.im}; }
  TFX_INLINE friend pack operator-(pack const& a) { return {-a.re, -a.im}; }
  TFX_INLINE friend pack operator*(pack const& a, pack const& b) {
    return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
  }
  /// One by one: the squares of large and of small numbers need care.
  TFX_INLINE friend pack operator/(pack const& a, pack const& b) {
    std::complex<R> x[L], y[L];
    a.store(x);
    b.store(y);
    for (int i = 0; i < L; ++i) x[i] /= y[i];
    return load(x);
  }
  TFX_INLINE friend pack<bool, L> operator==(pack const& a, pack const& b) { return (a.re == b.re) & (a.im == b.im); }
  TFX_INLINE friend pack<bool, L> operator!=(pack const& a, pack const& b) { return ~(a == b); }
};

template <class X>
inline constexpr bool is_complex = detail::is_complex_type<lane_t<X>>;

/// The real parts; of real numbers themselves. Packs and scalars alike.
template <class X>
TFX_INLINE auto real(X const& x) {
  if constexpr (!is_complex<X>) {
    return x;
  } else if constexpr (is_pack<X>) {
    return x.re;
  } else {
    return x.real();
  }
}
template <class X>
TFX_INLINE auto imag(X const& x) {
  if constexpr (is_pack<X>) {
    return x.im;
  } else {
    return x.imag();
  }
}
/// The numbers that have these parts.
template <class X>
TFX_INLINE rebind<X, std::complex<lane_t<X>>> complex(X const& real, X const& imaginary) {
  return {real, imaginary};
}

}  // namespace simd
TFX_END
