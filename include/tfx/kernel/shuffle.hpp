// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/simd/pack.hpp>

TFX_BEGIN
/// Moves between the lanes of registers: transposes, interleaved data, sums across lanes.
namespace kernel {

using simd::native::lane_of;
using simd::native::lanes_of;
template <class T, int L>
using vec = simd::native::vec<T, L>;

TFX_INLINE constexpr u64 first_lanes(i64 n) { return n <= 0 ? 0 : n >= 64 ? ~u64(0) : (u64(1) << n) - 1; }

template <class V>
TFX_INLINE V load(lane_of<V> const* p) {
  V v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}
/// The first n lanes from memory, zeros in the others.
template <class V>
TFX_INLINE V load(lane_of<V> const* p, i64 n) {
  if (n >= lanes_of<V>) return load<V>(p);
  return simd::native::load<V>(p, first_lanes(n), V{});
}
template <class V>
TFX_INLINE void store(lane_of<V>* p, V v) {
  __builtin_memcpy(p, &v, sizeof v);
}
template <class V>
TFX_INLINE simd::pack<lane_of<V>, lanes_of<V>> to_pack(V v) {
  simd::pack<lane_of<V>, lanes_of<V>> out;
  out.set(0, v);
  return out;
}

/// Keeps g++ from reading v again from memory at each use when registers are scarce.
template <class V>
TFX_INLINE void hold([[maybe_unused]] V& v) {
#if defined(__x86_64__)
  asm("" : "+v"(v));
#endif
}

template <class Map, class V, int... I>
TFX_INLINE V shuffle(V a, V b, std::integer_sequence<int, I...>) {
  return __builtin_shufflevector(a, b, Map::at(I)...);
}
/// Lane i is lane Map::at(i) of the 2 L lanes of a and b.
template <class Map, class V>
TFX_INLINE V shuffle(V a, V b) {
  return shuffle<Map>(a, b, std::make_integer_sequence<int, lanes_of<V>>{});
}

/// Blocks of H lanes, from each pair of them the first (second) one, of a and b in turn.
template <int L, int H>
struct even_blocks {
  static constexpr int at(int lane) { return lane & H ? L + lane - H : lane; }
};
template <int L, int H>
struct odd_blocks {
  static constexpr int at(int lane) { return lane & H ? L + lane : lane + H; }
};
/// Within each 4 lanes, the first (last) two of a and b alternating.
template <int L, int Half>
struct unpack_quads {
  static constexpr int at(int lane) { return (lane & ~3) + 2 * Half + (lane & 3) / 2 + (lane & 1) * L; }
};

/// Transposes L registers of L lanes: lane j of register i becomes lane i of register j.
template <class V>
TFX_INLINE void transpose_lanes(V (&r)[lanes_of<V>]) {
  constexpr int l = lanes_of<V>;
  constexpr bool quads = sizeof(lane_of<V>) == 4 && l >= 4;
  if constexpr (quads) {
    // 4 x 4 within 128 bits by unpack instructions, which cost one cycle everywhere
    TFX_UNROLL for (int q = 0; q < l / 4; ++q) {
      V* const x = r + 4 * q;
      V const t0 = shuffle<unpack_quads<l, 0>>(x[0], x[1]), t1 = shuffle<unpack_quads<l, 1>>(x[0], x[1]);
      V const t2 = shuffle<unpack_quads<l, 0>>(x[2], x[3]), t3 = shuffle<unpack_quads<l, 1>>(x[2], x[3]);
      x[0] = shuffle<even_blocks<l, 2>>(t0, t2);
      x[1] = shuffle<odd_blocks<l, 2>>(t0, t2);
      x[2] = shuffle<even_blocks<l, 2>>(t1, t3);
      x[3] = shuffle<odd_blocks<l, 2>>(t1, t3);
    }
  }
  auto const exchange = [&]<int H>(std::integral_constant<int, H>) __attribute__((always_inline)) {
    if constexpr (H < l) {
      TFX_UNROLL for (int i = 0; i < l / 2; ++i) {
        int const p = i / H * 2 * H + i % H;
        V const a = r[p], b = r[p + H];
        r[p] = shuffle<even_blocks<l, H>>(a, b);
        r[p + H] = shuffle<odd_blocks<l, H>>(a, b);
      }
    }
  };
  if constexpr (!quads) exchange(std::integral_constant<int, 1>{});
  if constexpr (!quads) exchange(std::integral_constant<int, 2>{});
  exchange(std::integral_constant<int, 4>{});
  exchange(std::integral_constant<int, 8>{});
}

/// out[j * out_row + i] = in[i * in_row + j] for a square of as many elements as a register has lanes.
template <class T>
inline void transpose_square(T const* in, i64 in_row, T* out, i64 out_row) {
  constexpr int l = simd::width<T>;
  using v = vec<T, l>;
  v r[l];
  TFX_UNROLL for (int i = 0; i < l; ++i) { r[i] = load<v>(in + i * in_row); }
  transpose_lanes(r);
  TFX_UNROLL for (int i = 0; i < l; ++i) { store<v>(out + i * out_row, r[i]); }
}

/// The even (odd) lanes of a, then those of b.
template <int L, int Odd>
struct every_other {
  static constexpr int at(int lane) { return 2 * lane + Odd; }
};

/// Lane i is the sum of the lanes of x[i], i < Count <= L, as a binary tree; further lanes hold anything.
template <int Count, class V>
TFX_INLINE V lane_sums(V const* x) {
  constexpr int l = lanes_of<V>;
  static_assert(Count >= 1 && Count <= l);
  V r[l];
  TFX_UNROLL for (int i = 0; i < l; ++i) { r[i] = x[i < Count ? i : Count - 1]; }
  auto const fold = [&]<int N>(std::integral_constant<int, N>) __attribute__((always_inline)) {
    if constexpr (N <= l) {
      // of the N registers of this level those beyond the count only repeat the last one
      constexpr int useful = (Count + l / N - 1) / (l / N), pairs = (useful + 1) / 2;
      TFX_UNROLL for (int i = 0; i < pairs; ++i) {
        r[i] = shuffle<every_other<l, 0>>(r[2 * i], r[2 * i + 1]) + shuffle<every_other<l, 1>>(r[2 * i], r[2 * i + 1]);
      }
      if constexpr (pairs < N / 2) r[pairs] = r[pairs - 1];
    }
  };
  fold(std::integral_constant<int, 16>{});
  fold(std::integral_constant<int, 8>{});
  fold(std::integral_constant<int, 4>{});
  fold(std::integral_constant<int, 2>{});
  return r[0];
}

/// What an earlier step has put into a lane stays; register From supplies the elements that lie in it.
template <int L, int Stride, int Offset, int From>
struct gather_step {
  static constexpr int at(int lane) {
    int const element = lane * Stride + Offset;
    if (element / L == From) return L + element % L;
    return From == 1 ? element % L : lane;  // the first step picks from registers 0 and 1
  }
};
/// Lanes of register From that hold a wanted element stay where they are.
template <int L, int Stride, int Offset, int From>
struct blend_step {
  static constexpr int at(int lane) { return (From * L + lane) % Stride == Offset ? L + lane : lane; }
};
template <int L, int Stride, int Offset>
struct order_step {
  static constexpr int at(int lane) { return (lane * Stride + Offset) % L; }
};
/// Lane i is element i * Stride + Offset of the Stride * L elements in x.
template <int Stride, int Offset, class V>
TFX_INLINE V every_nth(V const* x) {
  constexpr int l = lanes_of<V>;
  V out = x[0];
  auto const steps = [&]<int... From>(std::integer_sequence<int, From...>) __attribute__((always_inline)) {
    if constexpr (Stride % 2 == 1) {
      // The wanted elements lie in different lanes of the registers: blends gather them, one shuffle puts them in
      // order.
      ((out = shuffle<blend_step<l, Stride, Offset, From + 1>>(out, x[From + 1])), ...);
      out = shuffle<order_step<l, Stride, Offset>>(out, out);
    } else {
      ((out = shuffle<gather_step<l, Stride, Offset, From + 1>>(out, x[From + 1])), ...);
    }
  };
  steps(std::make_integer_sequence<int, Stride - 1>{});
  return out;
}

/// Element Column of each of the first `count` rows of Stride elements. Columns of the same rows share their loads.
template <int Stride, int Column, class T, int L>
TFX_INLINE simd::pack<T, L> load_column(T const* rows, int count) {
  using pack = simd::pack<T, L>;
  pack out;
  TFX_UNROLL for (int r = 0; r < pack::registers; ++r) {
    typename pack::vec part[Stride];
    TFX_UNROLL for (int q = 0; q < Stride; ++q) {
      i64 const first = (r * Stride + q) * pack::step;
      part[q] = load<typename pack::vec>(rows + first, static_cast<i64>(count) * Stride - first);
    }
    out.set(r, every_nth<Stride, Column>(part));
  }
  return out;
}

template <int L, int Times, int Part>
struct repeat_step {
  static constexpr int at(int lane) { return (Part * L + lane) / Times; }
};
/// Register Part of the sequence x0 … x0 x1 … x1 …, each lane of x `Times` times.
template <int Times, int Part, class V>
TFX_INLINE V repeat_lanes(V x) {
  return shuffle<repeat_step<lanes_of<V>, Times, Part>>(x, x);
}

}  // namespace kernel
TFX_END
