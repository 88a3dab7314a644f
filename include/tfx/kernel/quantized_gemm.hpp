// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <tfx/kernel/transpose.hpp>
#include <tfx/simd/convert.hpp>
#include <tfx/simd/pairs.hpp>

TFX_BEGIN
namespace kernel {

/// Products of 8-bit matrices, added up in 32 bits, which wrap: C = (A − zero_a)(B − zero_b), [m, k] · [k, n]. That is
/// A B − zero_a Σ B − zero_b Σ A + k zero_a zero_b, with sums over k: parts of A and B are laid out as pairs of 16-bit
/// integers, two neighbours along k in each lane of 32 bits; two of their products never overflow.
struct quantized_tile {
  using vec = kernel::vec<std::int32_t, simd::width<std::int32_t>>;
  static constexpr int lanes = lanes_of<vec>, vectors = 2, columns = vectors * lanes;
  static constexpr int rows = simd::native::register_bytes == 64 ? 12 : 4;
  static constexpr i64 depth = 256, pairs = depth / 2;      // of a part
  static constexpr int tiles = 2, width = tiles * columns;  // of B in a panel

  alignas(64) std::int32_t a[rows * pairs];
  alignas(64) std::int32_t b[tiles * pairs * columns];
  std::int32_t row_sum[rows];
  alignas(64) std::int32_t column_sum[width];
};

/// The lanes of a and b in turn, as 16-bit integers.
template <class V, int... I>
TFX_INLINE auto pair_lanes(V a, V b, std::integer_sequence<int, I...>) {
  return simd::native::cast<std::int16_t>(__builtin_shufflevector(a, b, (I / 2 + I % 2 * lanes_of<V>)...));
}

/// The pairs of each row of x, [count, k]: to[i, p]. Pairs up to a multiple of the lanes are zeros.
template <class T>
inline void pair_within_rows(T const* x, i64 stride, int count, i64 k, std::int32_t* to) {
  using tile = quantized_tile;
  constexpr int length = 2 * tile::lanes;
  using vec = kernel::vec<T, length>;
  auto const put = [](vec const& from, std::int32_t* pairs) __attribute__((always_inline)) {
    store(reinterpret_cast<std::int16_t*>(pairs), simd::native::cast<std::int16_t>(from));
  };
  for (int i = 0; i < count; ++i, x += stride, to += tile::pairs) {
    i64 p = 0;
    for (; p + length <= k; p += length) put(load<vec>(x + p), to + p / 2);
    if (p == k) continue;
    T rest[length] = {};
    std::copy(x + p, x + k, rest);
    put(load<vec>(rest), to + p / 2);
  }
}
/// The pairs of rows 2 p and 2 p + 1 of x, [k, count]: to[p, j], in rows of Width; those of which x has none are zeros.
template <int Width, class T>
inline void pair_rows(T const* x, i64 stride, int count, i64 k, std::int32_t* to) {
  using tile = quantized_tile;
  using vec = kernel::vec<T, tile::lanes>;
  T rest[2][Width] = {};
  for (i64 p = 0; p < k; p += 2, to += Width) {
    T const* row[2];
    for (int r = 0; r < 2; ++r) {
      bool const exists = p + r < k;
      row[r] = exists && count == Width ? x + (p + r) * stride : rest[r];
      if (!exists) {
        std::fill_n(rest[r], Width, T(0));
      } else if (count < Width) {
        std::copy_n(x + (p + r) * stride, count, rest[r]);
      }
    }
    for (int j = 0; j < Width; j += tile::lanes)
      store(reinterpret_cast<std::int16_t*>(to + j), pair_lanes(load<vec>(row[0] + j), load<vec>(row[1] + j),
                                                                std::make_integer_sequence<int, 2 * tile::lanes>{}));
  }
}
/// The sum of the numbers in each lane of `count` vectors, `stride` lanes apart.
inline quantized_tile::vec sum_pairs(std::int32_t const* pairs, i64 stride, i64 count) {
  using tile = quantized_tile;
  tile::vec const ones = simd::native::broadcast<tile::vec>(0x00010001);
  constexpr int chains = 4;  // a sum waits for the one before it
  tile::vec sum[chains] = {};
  for (i64 i = 0; i < count; i += chains)
#pragma GCC unroll 4
    for (int c = 0; c < chains; ++c)
      if (i + c < count)
        sum[c] = simd::native::add_products<tile::lanes>(sum[c], load<tile::vec>(pairs + (i + c) * stride), ones);
  return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/// Rows of A, of a part k deep, and their sums. Transposed, they are columns as stored, of which `left` exist.
template <bool Transposed, class T>
inline void pack_rows(quantized_tile& t, T const* a, i64 stride, int rows, [[maybe_unused]] i64 left, i64 k) {
  using tile = quantized_tile;
  i64 const pairs = (k + 1) / 2, vectors = (pairs + tile::lanes - 1) / tile::lanes;
  if constexpr (Transposed) {
    std::int32_t turned[tile::pairs * tile::lanes];
    pair_rows<tile::lanes>(a, stride, static_cast<int>(std::min<i64>(tile::lanes, left)), k, turned);
    std::fill(turned + pairs * tile::lanes, turned + vectors * tile::lanes * tile::lanes, 0);
    transpose(turned, tile::lanes, t.a, tile::pairs, vectors * tile::lanes, i64{rows});
  } else {
    pair_within_rows(a, stride, rows, k, t.a);
  }
  for (int i = 0; i < rows; ++i) {
    tile::vec const sum = sum_pairs(t.a + i * tile::pairs, tile::lanes, vectors);
    std::uint32_t total = 0;
    for (int l = 0; l < tile::lanes; ++l) total += static_cast<std::uint32_t>(sum[l]);
    t.row_sum[i] = static_cast<std::int32_t>(total);
  }
}
/// Columns of B, of a part k deep, in tiles, and their sums; columns that do not exist are zeros.
template <bool Transposed, class T>
inline void pack_columns(quantized_tile& t, T const* b, i64 stride, i64 columns, i64 k) {
  using tile = quantized_tile;
  i64 const pairs = (k + 1) / 2;
  for (int first = 0; first < columns; first += tile::columns) {
    int const count = static_cast<int>(std::min<i64>(tile::columns, columns - first));
    std::int32_t* const to = t.b + first * tile::pairs;
    if constexpr (Transposed) {
      std::int32_t turned[tile::columns * tile::pairs];
      pair_within_rows(b + first * stride, stride, count, k, turned);
      std::fill(turned + count * tile::pairs, turned + tile::columns * tile::pairs, 0);
      transpose(turned, tile::pairs, to, tile::columns, i64{tile::columns}, pairs);
    } else {
      pair_rows<tile::columns>(b + first, stride, count, k, to);
    }
    for (int v = 0; v < tile::columns; v += tile::lanes)
      store(t.column_sum + first + v, sum_pairs(to + v, tile::columns, pairs));
  }
}

/// The product of rows and a tile of columns, as they are laid out, into C; the part's zero points in `row`, `column`.
template <int Rows>
inline void quantized_multiply(std::int32_t const* a, std::int32_t const* b, i64 pairs, std::int32_t const* row,
                               std::int32_t const* column, std::int32_t* c, i64 stride, int columns, bool add) {
  using tile = quantized_tile;
  using vec = tile::vec;
  vec sum[Rows * tile::vectors];
#pragma GCC unroll 64
  for (int i = 0; i < Rows * tile::vectors; ++i) sum[i] = vec{};
  for (i64 p = 0; p < pairs; ++p) {
    vec bv[tile::vectors];
#pragma GCC unroll 16
    for (int j = 0; j < tile::vectors; ++j) bv[j] = load<vec>(b + p * tile::columns + j * tile::lanes);
#pragma GCC unroll 64
    for (int i = 0; i < Rows; ++i) {
      vec const av = simd::native::broadcast<vec>(a[i * tile::pairs + p]);
#pragma GCC unroll 16
      for (int j = 0; j < tile::vectors; ++j)
        sum[i * tile::vectors + j] = simd::native::add_products<tile::lanes>(sum[i * tile::vectors + j], av, bv[j]);
    }
  }
  vec kept[Rows * tile::vectors];
#pragma GCC unroll 64
  for (int i = 0; i < Rows * tile::vectors; ++i) kept[i] = sum[i];
  for (int i = 0; i < Rows; ++i)
    for (int j = 0; j < tile::vectors && j * tile::lanes < columns; ++j) {
      std::int32_t* const to = c + i * stride + j * tile::lanes;
      int const n = std::min(tile::lanes, columns - j * tile::lanes);
      using pack = simd::pack<std::int32_t, tile::lanes>;
      pack value = to_pack(kept[i * tile::vectors + j]) + pack(row[i]) + pack::load(column + j * tile::lanes);
      if (n < tile::lanes) {
        if (add) value += pack::load(to, n);
        value.store(to, n);
      } else {
        if (add) value += pack::load(to);
        value.store(to);
      }
    }
}

/// Rows [begin, end) of that product. a is [m, k], or [k, m] if it is transposed; b is [k, n], or [n, k].
template <bool TransposeA, bool TransposeB, class A, class B>
void quantized_gemm(A const* a, B const* b, std::int32_t* c, i64 begin, i64 end, i64 m, i64 n, i64 k,
                    std::uint32_t zero_a, std::uint32_t zero_b) {
  using tile = quantized_tile;
  if (k == 0) std::fill(c + begin * n, c + end * n, 0);
  if (begin == end) return;
  tile t;
  for (i64 first = 0; first < k; first += tile::depth) {
    i64 const depth = std::min<i64>(tile::depth, k - first), pairs = (depth + 1) / 2;
    std::uint32_t const both = static_cast<std::uint32_t>(depth) * zero_a * zero_b;
    for (i64 column = 0; column < n; column += tile::width) {
      i64 const columns = std::min<i64>(tile::width, n - column);
      pack_columns<TransposeB>(t, TransposeB ? b + column * k + first : b + first * n + column, TransposeB ? k : n,
                               columns, depth);
      for (std::int32_t& s : t.column_sum) s = static_cast<std::int32_t>(0u - zero_a * static_cast<std::uint32_t>(s));
      int rows = 0;
      for (i64 row = begin; row < end; row += rows) {
        rows = end - row >= tile::rows ? tile::rows : end - row >= 4 ? 4 : 1;
        pack_rows<TransposeA>(t, TransposeA ? a + first * m + row : a + row * k + first, TransposeA ? m : k, rows,
                              m - row, depth);
        for (int i = 0; i < rows; ++i)
          t.row_sum[i] = static_cast<std::int32_t>(both - zero_b * static_cast<std::uint32_t>(t.row_sum[i]));
        for (int j = 0; j * tile::columns < columns; ++j) {
          auto const multiply = rows == tile::rows ? &quantized_multiply<tile::rows>
                                : rows == 4        ? &quantized_multiply<4>
                                                   : &quantized_multiply<1>;
          multiply(t.a, t.b + j * tile::columns * tile::pairs, pairs, t.row_sum, t.column_sum + j * tile::columns,
                   c + row * n + column + j * tile::columns, n,
                   static_cast<int>(std::min<i64>(tile::columns, columns - j * tile::columns)), first > 0);
        }
      }
    }
  }
}

}  // namespace kernel
TFX_END
