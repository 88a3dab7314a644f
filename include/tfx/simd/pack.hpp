// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/simd/native_arithmetic.hpp>

TFX_BEGIN
namespace simd {

/// How many lanes of T one register of this processor holds.
template <class T>
inline constexpr int width = native::register_bytes / int(sizeof(T));

/// L values of type T on which one operation acts at once; L is a power of two up to 64.
///
/// Loops are written on packs, and on plain scalars with the same functions: `y = simd::exp(x) + 1`.
template <class T, int L>
struct pack {
  static_assert(L >= 1 && L <= 64 && (L & (L - 1)) == 0, "pack: the number of lanes is a power of two up to 64");
  using value_type = T;
  static constexpr int lanes = L;
  /// Lanes per register; a register is never under 16 bytes, lanes past L hold anything.
  static constexpr int step = L * int(sizeof(T)) <= 16 ? 16 / int(sizeof(T)) : L < width<T> ? L : width<T>;
  static constexpr int registers = L < step ? 1 : L / step;
  using vec = native::vec<T, step>;
  using register_type = typename native::register_of<T, step>::type;

  register_type reg[registers];

  pack() = default;
  /// The same value in each lane.
  TFX_INLINE pack(T value) {
    vec const v = native::broadcast<vec>(value);
    TFX_UNROLL for (int r = 0; r < registers; ++r) { set(r, v); }
  }

  /// Register r as a compiler vector, whatever holds it.
  TFX_INLINE vec get(int r) const {
    if constexpr (std::is_same_v<register_type, vec>) {
      return reg[r];
    } else {
      return (vec)reg[r].data;
    }
  }
  TFX_INLINE void set(int r, vec v) {
    if constexpr (std::is_same_v<register_type, vec>) {
      reg[r] = v;
    } else {
      reg[r].data = (decltype(reg[r].data))v;
    }
  }

  /// L values from memory of any alignment.
  TFX_INLINE static pack load(T const* p) {
    pack out;
    TFX_UNROLL for (int r = 0; r < registers; ++r) {
      vec v{};
      __builtin_memcpy(&v, p + r * step, sizeof(T) * (L < step ? L : step));
      out.set(r, v);
    }
    return out;
  }
  /// The first n values, 1 <= n <= L; the other lanes repeat p[0], and memory past n is not touched.
  TFX_INLINE static pack load(T const* p, int n) {
    pack out;
    vec const rest = native::broadcast<vec>(p[0]);
    u64 const mask = ~u64(0) >> (64 - n);
    TFX_UNROLL for (int r = 0; r < registers; ++r) { out.set(r, native::load(p + r * step, mask >> (r * step), rest)); }
    return out;
  }
  TFX_INLINE void store(T* p) const {
    TFX_UNROLL for (int r = 0; r < registers; ++r) {
      vec const v = get(r);
      __builtin_memcpy(p + r * step, &v, sizeof(T) * (L < step ? L : step));
    }
  }
  /// Writes the first n lanes only.
  TFX_INLINE void store(T* p, int n) const {
    u64 const mask = ~u64(0) >> (64 - n);
    TFX_UNROLL for (int r = 0; r < registers; ++r) { native::store(p + r * step, mask >> (r * step), get(r)); }
  }
  /// One lane, slowly.
  TFX_INLINE T operator[](int i) const { return get(i / step)[i % step]; }

  TFX_INLINE friend pack operator+(pack const& a, pack const& b) { return combine<'+'>(a, b); }
  TFX_INLINE friend pack operator-(pack const& a, pack const& b) { return combine<'-'>(a, b); }
  TFX_INLINE friend pack operator*(pack const& a, pack const& b) { return combine<'*'>(a, b); }
  /// Integers round towards zero; no divisor may be zero.
  TFX_INLINE friend pack operator/(pack const& a, pack const& b) { return combine<'/'>(a, b); }
  TFX_INLINE friend pack operator%(pack const& a, pack const& b) { return combine<'%'>(a, b); }
  TFX_INLINE friend pack operator&(pack const& a, pack const& b) { return combine<'&'>(a, b); }
  TFX_INLINE friend pack operator|(pack const& a, pack const& b) { return combine<'|'>(a, b); }
  TFX_INLINE friend pack operator^(pack const& a, pack const& b) { return combine<'^'>(a, b); }
  TFX_INLINE friend pack operator<<(pack const& a, pack const& b) { return combine<'<'>(a, b); }
  TFX_INLINE friend pack operator>>(pack const& a, pack const& b) { return combine<'>'>(a, b); }
  TFX_INLINE friend pack operator~(pack const& a) { return combine<'^'>(a, pack(T(-1))); }
  TFX_INLINE friend pack operator+(pack const& a) { return a; }
  TFX_INLINE friend pack operator-(pack const& a) {
    if constexpr (std::is_floating_point_v<T>) {
      pack out;
      TFX_UNROLL for (int r = 0; r < registers; ++r) { out.set(r, -a.get(r)); }
      return out;
    } else {
      return combine<'-'>(pack(T(0)), a);
    }
  }
  TFX_INLINE pack& operator+=(pack const& b) { return *this = *this + b; }
  TFX_INLINE pack& operator-=(pack const& b) { return *this = *this - b; }
  TFX_INLINE pack& operator*=(pack const& b) { return *this = *this * b; }
  TFX_INLINE pack& operator/=(pack const& b) { return *this = *this / b; }

  TFX_INLINE friend pack<bool, L> operator==(pack const& a, pack const& b) { return compare<equal>(a, b); }
  TFX_INLINE friend pack<bool, L> operator!=(pack const& a, pack const& b) { return ~compare<equal>(a, b); }
  TFX_INLINE friend pack<bool, L> operator<(pack const& a, pack const& b) { return compare<less>(a, b); }
  TFX_INLINE friend pack<bool, L> operator<=(pack const& a, pack const& b) { return compare<less_equal>(a, b); }
  TFX_INLINE friend pack<bool, L> operator>(pack const& a, pack const& b) { return compare<less>(b, a); }
  TFX_INLINE friend pack<bool, L> operator>=(pack const& a, pack const& b) { return compare<less_equal>(b, a); }

 private:
  using enum native::comparison;
  template <char Op>
  TFX_INLINE static pack combine(pack const& a, pack const& b) {
    pack out;
    TFX_UNROLL for (int r = 0; r < registers; ++r) { out.set(r, native::apply<Op>(a.get(r), b.get(r))); }
    return out;
  }
  template <native::comparison C>
  TFX_INLINE static pack<bool, L> compare(pack const& a, pack const& b) {
    u64 bits = 0;
    TFX_UNROLL for (int r = 0; r < registers; ++r) { bits |= native::compare<C>(a.get(r), b.get(r)) << (r * step); }
    return pack<bool, L>::from_bits(bits);
  }
};

/// L truth values, lane i in bit i: masks pass between lane types of any width.
template <int L>
struct pack<bool, L> {
  using value_type = bool;
  static constexpr int lanes = L;
  static constexpr u64 all = L == 64 ? ~u64(0) : (u64(1) << (L % 64)) - 1;

  u64 bits;

  pack() = default;
  TFX_INLINE pack(bool value) : bits(value ? all : 0) {}
  TFX_INLINE static pack from_bits(u64 bits) {
    pack out;
    out.bits = bits & all;
    return out;
  }

  /// L bytes that are 0 or 1.
  TFX_INLINE static pack load(bool const* p) { return ~from_bytes(pack<std::uint8_t, L>::load(bytes(p))); }
  TFX_INLINE static pack load(bool const* p, int n) { return ~from_bytes(pack<std::uint8_t, L>::load(bytes(p), n)); }
  TFX_INLINE void store(bool* p) const { to_bytes().store(reinterpret_cast<std::uint8_t*>(p)); }
  TFX_INLINE void store(bool* p, int n) const { to_bytes().store(reinterpret_cast<std::uint8_t*>(p), n); }
  TFX_INLINE bool operator[](int i) const { return bits >> i & 1; }

  TFX_INLINE friend pack operator&(pack a, pack b) { return from_bits(a.bits & b.bits); }
  TFX_INLINE friend pack operator|(pack a, pack b) { return from_bits(a.bits | b.bits); }
  TFX_INLINE friend pack operator^(pack a, pack b) { return from_bits(a.bits ^ b.bits); }
  TFX_INLINE friend pack operator~(pack a) { return from_bits(~a.bits); }
  TFX_INLINE friend pack operator!(pack a) { return from_bits(~a.bits); }
  TFX_INLINE friend pack operator&&(pack a, pack b) { return a & b; }
  TFX_INLINE friend pack operator||(pack a, pack b) { return a | b; }
  TFX_INLINE friend pack operator==(pack a, pack b) { return ~(a ^ b); }
  TFX_INLINE friend pack operator!=(pack a, pack b) { return a ^ b; }

 private:
  TFX_INLINE static std::uint8_t const* bytes(bool const* p) { return reinterpret_cast<std::uint8_t const*>(p); }
  TFX_INLINE static pack from_bytes(pack<std::uint8_t, L> p) { return p == std::uint8_t(0); }
  TFX_INLINE pack<std::uint8_t, L> to_bytes() const {
    return select(*this, pack<std::uint8_t, L>(1), pack<std::uint8_t, L>(0));
  }
};

template <class X>
inline constexpr bool is_pack = false;
template <class T, int L>
inline constexpr bool is_pack<pack<T, L>> = true;

template <class X>
struct lane_type : std::type_identity<X> {};
template <class T, int L>
struct lane_type<pack<T, L>> : std::type_identity<T> {};
/// T of `pack<T, L>`, and a scalar's own type.
template <class X>
using lane_t = typename lane_type<X>::type;

template <class X, class T>
struct rebound : std::type_identity<T> {};
template <class U, int L, class T>
struct rebound<pack<U, L>, T> : std::type_identity<pack<T, L>> {};
/// X with lanes of type T: `pack<T, L>` for a pack, T for a scalar.
template <class X, class T>
using rebind = typename rebound<X, T>::type;

/// The pack among A and B, else A.
template <class A, class B>
using wider = std::conditional_t<!is_pack<A> && is_pack<B>, B, A>;

/// An X, pack or scalar, with this value in each lane.
template <class X>
TFX_INLINE X fill(lane_t<X> value) {
  return X(value);
}

/// `yes` where the condition holds, else `no`; packs and scalars mix.
template <class M, class A, class B>
TFX_INLINE auto select(M const& condition, A const& yes, B const& no) {
  using X = rebind<wider<M, wider<A, B>>, lane_t<wider<A, B>>>;
  if constexpr (!is_pack<M>) {
    return condition ? X(yes) : X(no);
  } else if constexpr (std::is_same_v<lane_t<X>, bool>) {
    return (condition & X(yes)) | (~condition & X(no));
  } else if constexpr (detail::is_complex_type<lane_t<X>>) {
    X const a(yes), b(no);
    return X(select(condition, a.re, b.re), select(condition, a.im, b.im));
  } else {
    X const a(yes), b(no);
    X out;
    TFX_UNROLL for (int r = 0; r < X::registers; ++r) {
      out.set(r, native::choose(condition.bits >> (r * X::step), a.get(r), b.get(r)));
    }
    return out;
  }
}

}  // namespace simd
TFX_END
