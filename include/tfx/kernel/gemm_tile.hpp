// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/kernel/extent.hpp>
#include <tfx/kernel/shuffle.hpp>

TFX_BEGIN
namespace kernel {

/// What a product does with its results: the default epilogue stores them.
///
/// An epilogue is called once for each group of `n` results, 1 <= n <= lanes: `epilogue(c, value, n)`, where c is the
/// address in the result at which they belong (hence `c - result` tells row and column) and the first n lanes of the
/// pack `value` are the sums. The n places follow one another in memory and lie in one row, unless C has one column.
/// Before the call the product may keep partial sums at c (a deep product is added up in parts), so an epilogue that
/// updates a variable finds it by the offset of c, not at c; after the call it neither reads nor writes there. For
/// types without SIMD, value is a scalar.
struct store_result {
  template <class T, int L>
  TFX_INLINE void operator()(T* c, simd::pack<T, L> const& value, int n) const {
    if (n == L) {
      value.store(c);
    } else {
      value.store(c, n);
    }
  }
  template <class T>
  TFX_INLINE void operator()(T* c, T value, int) const {
    *c = value;
  }
};

/// The heights of the blocks into which rows are cut: as many sums as registers can hold besides the operands.
template <class T>
struct tile_shape {
  static constexpr int lanes = simd::width<T>;
  static constexpr bool many_registers = simd::native::register_bytes == 64;
  static constexpr int rows = many_registers ? 14 : 6;
  /// Where a tile is one register wide.
  static constexpr int rows_of_one = many_registers ? 28 : 12;
  /// Where the number of rows is known at run time only: blocks of `rows_if_dynamic`, then of `few_rows`.
  static constexpr int rows_if_dynamic = many_registers ? 12 : 6;
  static constexpr int few_rows = 4;
};

/// The compile-time side of one tile, C[Rows, Vectors * Lanes]. With Bounded, fewer rows may exist.
template <class T, int Rows, int Vectors, int Lanes, bool Bounded = false>
struct tile_config {
  using value_type = T;
  using vec = kernel::vec<T, Lanes>;
  static constexpr int rows = Rows, vectors = Vectors, lanes = Lanes, columns = Vectors * Lanes;
  static constexpr bool bounded = Bounded;
};

/// Where the operands of a tile lie; each stride is a number of elements, static where possible: then the rows of A
/// need one pointer and immediate offsets.
template <i64 RowA, i64 ColA, i64 RowB>
struct tile_strides {
  extent<RowA> row_a;
  extent<ColA> col_a;
  extent<RowB> row_b;
};

/// How many columns register j of a row has, of `columns` that exist.
template <int Lanes, i64 Columns>
TFX_INLINE int columns_in(int j, extent<Columns> columns) {
  i64 const n = columns - j * Lanes;
  return int(n < 0 ? 0 : n < Lanes ? n : Lanes);
}

/// sum += A B over k, of the first `rows` rows of A and `columns` columns of B. The order of additions is that of k.
template <class C, i64 Columns, i64 K, class Strides>
TFX_INLINE void tile_multiply(typename C::vec* sum, typename C::value_type const* a, typename C::value_type const* b,
                              Strides const& stride, int rows, extent<Columns> columns, extent<K> k) {
  using T = typename C::value_type;
  using vec = typename C::vec;
  // Written as loops that are unrolled once they are inlined: a call for each element would cost the compiler more than
  // all the rest of a product.
  auto const step = [&](auto const& a_at, T const* brow) __attribute__((always_inline)) {
    vec bv[C::vectors];
#pragma GCC unroll 16
    for (int j = 0; j < C::vectors; ++j) {
      bv[j] = load<vec>(brow + j * C::lanes, columns_in<C::lanes>(j, columns));
      if constexpr (C::rows > 1) hold(bv[j]);
    }
#pragma GCC unroll 64
    for (int i = 0; i < C::rows; ++i) {
      vec const av = simd::native::broadcast<vec>(a_at(i));
#pragma GCC unroll 16
      for (int j = 0; j < C::vectors; ++j)
        sum[i * C::vectors + j] = simd::native::fma(av, bv[j], sum[i * C::vectors + j]);
    }
  };
  if constexpr (C::bounded) {
    T const* row[C::rows];
#pragma GCC unroll 64
    for (int i = 0; i < C::rows; ++i) row[i] = a + (i < rows ? i : rows - 1) * stride.row_a;
    for (i64 p = 0; p < k; ++p)
      step([&](int i) __attribute__((always_inline)) { return row[i][p * stride.col_a]; }, b + p * stride.row_b);
  } else if constexpr (K >= 1 && K <= 16 && K * C::rows * C::vectors <= 100) {
#pragma GCC unroll 16
    for (int p = 0; p < int(K); ++p)
      step([&](int i) __attribute__((always_inline)) { return a[i * stride.row_a + p * stride.col_a]; },
           b + p * stride.row_b);
  } else {
    for (i64 p = 0; p < k; ++p, a += stride.col_a, b += stride.row_b)
      step([&](int i) __attribute__((always_inline)) { return a[i * stride.row_a]; }, b);
  }
}

/// A float sum of more terms than `deepest_sum` is made of sums of `depth_of_part` terms, few enough that each is right
/// to 1e-6; what rounding loses where these are added up is added to the next.
inline constexpr i64 deepest_sum = 4096, depth_of_part = 64;
/// Whether a product of depth K, which may be `dynamic`, can need that. Sums of doubles do not.
template <class T>
constexpr bool may_be_deep(i64 k) {
  return sizeof(T) <= sizeof(float) && (k < 0 || k > deepest_sum);
}
/// total += part + lost, where `lost` is what rounding took from the total before, and then what it takes now. An
/// infinite total has lost nothing.
template <class V>
TFX_INLINE void add_part(V& total, V& lost, V const& part) {
  V const more = part + lost, sum = total + more, error = (total - sum) + more;
  lost = error - error == V{} ? error : V{};
  total = sum;
}
/// kept[count], the sums of a part, are added to the totals behind them, behind which lies what those have lost.
template <class V>
[[gnu::noinline]] void add_parts(V* kept, int count, bool first) {
  V *const total = kept + count, *const lost = total + count;
  for (int i = 0; i < count; ++i) {
    if (first) {
      total[i] = kept[i];
      lost[i] = V{};
    } else {
      add_part(total[i], lost[i], kept[i]);
    }
  }
}
/// sum = what `add(first, depth)` adds to it over the depth k, all at once or, if it `is_deep`, in parts; each call
/// takes `Step` terms for one that a lane of a sum gets.
template <int Step, int Count, class V, i64 K, class F>
TFX_INLINE void sum_over_depth(V (&sum)[Count], extent<K> k, bool is_deep, F const& add) {
  TFX_UNROLL for (int i = 0; i < Count; ++i) { sum[i] = V{}; }
  if constexpr (!may_be_deep<lane_of<V>>(K)) {
    add(i64(0), k);
  } else {
    if (!is_deep) [[likely]] {
      add(i64(0), k);
      return;
    }
    V kept[3 * Count];
    for (i64 p = 0; p < k; p += depth_of_part * Step) {
      TFX_UNROLL for (int i = 0; i < Count; ++i) { sum[i] = V{}; }
      add(p, extent<dynamic>(k - p < depth_of_part * Step ? k - p : depth_of_part * Step));
      TFX_UNROLL for (int i = 0; i < Count; ++i) { kept[i] = sum[i]; }
      add_parts(kept, Count, p == 0);
    }
    TFX_UNROLL for (int i = 0; i < Count; ++i) { sum[i] = kept[Count + i]; }
  }
}

/// Hands the sums of a tile, which it kept in memory, to the epilogue. They are added to what the parts before have
/// left in C if `accumulate`, and only the `last` part ends in the epilogue. Not inline: all tiles of a product share
/// it, and with it the epilogue's code. `lost`, where there is one, keeps what C loses to rounding. Whole: no register
/// is cut by the last column.
template <bool Whole, class V, class Epilogue>
[[gnu::noinline]] void finish_kept(V const* kept, int vectors, lane_of<V>* c, i64 row_c, int rows, i64 columns,
                                   bool accumulate, bool last, Epilogue const& epilogue, V* lost = nullptr) {
  constexpr int lanes = lanes_of<V>;
  for (int i = 0; i < rows; ++i, kept += vectors, lost += lost ? vectors : 0)
    for (int j = 0; j < vectors && (Whole || j * lanes < columns); ++j) {
      int const n = Whole ? lanes : columns_in<lanes>(j, extent<dynamic>(columns));
      auto* const at = c + i * row_c + j * lanes;
      V value = kept[j];
      if (lost) {
        V total = accumulate ? load<V>(at, n) : V{};
        if (!accumulate) lost[j] = V{};
        add_part(total, lost[j], value);
        value = total;
      } else if (accumulate) {
        value = load<V>(at, n) + value;
      }
      if (last) {
        epilogue(at, to_pack(value), n);
      } else {
        store_result{}(at, to_pack(value), n);
      }
    }
}
/// The same from registers.
template <class C, i64 Columns, class Epilogue>
TFX_INLINE void finish_tile(typename C::vec const* sum, typename C::value_type* c, i64 row_c, int rows,
                            extent<Columns> columns, bool accumulate, bool last, Epilogue const& epilogue,
                            typename C::vec* lost = nullptr) {
  typename C::vec kept[C::rows * C::vectors];
#pragma GCC unroll 64
  for (int i = 0; i < C::rows * C::vectors; ++i) kept[i] = sum[i];
  constexpr bool whole = Columns >= 0 && Columns % C::lanes == 0;
  finish_kept<whole>(kept, C::vectors, c, row_c, rows, columns, accumulate, last, epilogue, lost);
}

/// The same where the sums are complete.
template <class C, i64 Columns, i64 RowC, class Epilogue>
TFX_INLINE void finish_whole(typename C::vec const* sum, typename C::value_type* c, extent<RowC> row_c, int rows,
                             extent<Columns> columns, Epilogue const& epilogue) {
  if constexpr (std::is_same_v<Epilogue, store_result> && !C::bounded) {
#pragma GCC unroll 64
    for (int i = 0; i < C::rows; ++i)
#pragma GCC unroll 16
      for (int j = 0; j < C::vectors; ++j)
        if (int const n = columns_in<C::lanes>(j, columns); n > 0)
          epilogue(c + i * row_c + j * C::lanes, to_pack(sum[i * C::vectors + j]), n);
  } else {
    finish_tile<C>(sum, c, row_c, rows, columns, false, true, epilogue);
  }
}

/// C = A B for one tile, where k is the whole depth of the product.
template <class C, i64 Columns, i64 K, class Strides, i64 RowC, class Epilogue>
inline void tile(typename C::value_type const* a, typename C::value_type const* b, typename C::value_type* c,
                 Strides const& stride, extent<RowC> row_c, int rows, extent<Columns> columns, extent<K> k,
                 Epilogue const& epilogue) {
  using vec = typename C::vec;
  vec sum[C::rows * C::vectors];
  sum_over_depth<1>(sum, k, k > deepest_sum, [&](i64 p, auto depth) __attribute__((always_inline)) {
    tile_multiply<C>(sum, a + p * stride.col_a, b + p * stride.row_b, stride, rows, columns, depth);
  });
  finish_whole<C>(sum, c, row_c, rows, columns, epilogue);
}

/// The same for a part of the depth, with a packed B.
template <class C, bool CanBeDeep, class Strides, i64 Columns, class Epilogue>
inline void tile_part(typename C::value_type const* a, typename C::value_type const* panel, typename C::value_type* c,
                      Strides const& stride, i64 row_c, int rows, extent<Columns> columns, i64 k, bool accumulate,
                      bool last, Epilogue const& epilogue, typename C::vec* lost) {
  using vec = typename C::vec;
  vec sum[C::rows * C::vectors];
  auto const add = [&](i64 p, i64 depth) __attribute__((always_inline)) {
    tile_multiply<C>(sum, a + p * stride.col_a, panel + p * stride.row_b, stride, rows, extent<C::columns>(C::columns),
                     extent<dynamic>(depth));
  };
  if constexpr (CanBeDeep) {
    sum_over_depth<1>(sum, extent<dynamic>(k), lost != nullptr, add);
  } else {
#pragma GCC unroll 64
    for (int i = 0; i < C::rows * C::vectors; ++i) sum[i] = vec{};
    add(0, k);
  }
  finish_tile<C>(sum, c, row_c, rows, columns, accumulate, last, epilogue, lost);
}

}  // namespace kernel
TFX_END
