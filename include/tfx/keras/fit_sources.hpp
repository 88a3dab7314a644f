// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <iterator>
#include <new>
#include <tfx/keras/fit_loop.hpp>
#include <tfx/keras/input.hpp>

TFX_BEGIN
namespace keras::detail {

/// Rows of arrays; `Take` is a run on some of them: `take(begin, numbers, count, values)`.
template <class Take>
class array_batches final : public row_source {
 public:
  array_batches(Take const& take, i64 begin, i64 end, i64 batch_size, bool shuffled = false, random::seeds order = {})
      : row_source(begin, end, batch_size, shuffled, order), take_(take) {}

 private:
  Take const& take_;

  void run(i64 begin, i64 const* numbers, i64 count, double* values) override { take_(begin, numbers, count, values); }
};

/// A walk through a range that is begun again where it ends, or that ends with it.
template <class Range>
class range_walk {
 public:
  range_walk(Range& range, bool wraps) : range_(range), wraps_(wraps) {}
  range_walk(range_walk const&) = delete;
  range_walk& operator=(range_walk const&) = delete;
  ~range_walk() { end(); }

  void restart() {
    if (!wraps_) end();
  }
  /// Goes on to the next element; false where there is none.
  bool advance() {
    bool const begun = begun_;
    if (begun) {
      ++at();
      if (at() != std::end(range_)) return true;
      end();
    }
    if (!begun || wraps_) {
      ::new (static_cast<void*>(memory_)) iterator(std::begin(range_));
      begun_ = true;
      if (at() != std::end(range_)) return true;
      end();
    }
    return false;
  }
  decltype(auto) element() { return *at(); }

 private:
  using iterator = decltype(std::begin(std::declval<Range&>()));
  Range& range_;
  bool wraps_, begun_ = false;
  // The iterator, while the walk is begun: it need be neither assigned nor made of nothing.
  alignas(iterator) unsigned char memory_[sizeof(iterator)] = {};

  iterator& at() { return *std::launder(reinterpret_cast<iterator*>(memory_)); }
  void end() {
    if (begun_) at().~iterator();
    begun_ = false;
  }
};
/// How many batches are wanted of a range: as told, or its size; 0 where only its end will tell.
template <class Range>
i64 steps_of(char const* call, Range const& range, i64 told) {
  if (told < 0)
    raise<errors::InvalidArgumentError>("%s: steps must not be negative: %lld", call, static_cast<long long>(told));
  if (told > 0) return told;
  if constexpr (requires { static_cast<i64>(std::size(range)); }) {
    return static_cast<i64>(std::size(range));
  } else {
    return 0;
  }
}

/// Batches that a range gives; `Take` is a run on one of them and tells its rows: `take(element, values)`.
template <class Range, class Take>
class range_batches final : public batch_source {
 public:
  range_batches(Range& range, i64 steps, Take const& take) : walk_(range, steps > 0), take_(take) {}

  void begin() override { walk_.restart(); }
  i64 next(double* values) override { return walk_.advance() ? take_(walk_.element(), values) : 0; }

 private:
  range_walk<Range> walk_;
  Take const& take_;
};

template <class E>
concept tuple_like = requires { std::tuple_size<E>::value; };

/// What a range's element holds for a model of so many inputs and outputs: `(x, y)` or `(x, y, sample_weight)`, where
/// several are `inputs(a, b)` and `outputs(c, d)`, or all of them one after another, `(a, b, c, d)`.
template <class E, std::size_t In, std::size_t Out>
struct batch_element {
  static constexpr std::size_t size = std::tuple_size_v<E>;
  static constexpr bool is_nested = [] {
    if constexpr (size == 2 || size == 3) {
      return (In == 1 || are_several<std::tuple_element_t<0, E>>) &&
             (Out == 1 || are_several<std::tuple_element_t<1, E>>);
    } else {
      return false;
    }
  }();
  static constexpr bool is_flat = !is_nested && (size == In + Out || size == In + Out + 1);
  static_assert(is_nested || is_flat,
                "tfx: a batch is (x, y) or (x, y, sample_weight); where a model has several inputs or outputs, "
                "(inputs(a, b), outputs(c, d)) or (a, b, c, d)");
  static constexpr bool is_weighted = size == (is_nested ? 3 : In + Out + 1);

  static decltype(auto) x(E const& e) {
    if constexpr (is_nested) {
      return (std::get<0>(e));
    } else {
      return part<0>(e, std::make_index_sequence<In>{});
    }
  }
  static decltype(auto) y(E const& e) {
    if constexpr (is_nested) {
      return (std::get<1>(e));
    } else {
      return part<In>(e, std::make_index_sequence<Out>{});
    }
  }
  static auto const& weights(E const& e) { return std::get<size - 1>(e); }

  template <std::size_t From, std::size_t... I>
  static auto part(E const& e, std::index_sequence<I...>) {
    return inputs_t<std::tuple_element_t<From + I, E> const&...>{{std::get<From + I>(e)...}};
  }
};

}  // namespace keras::detail
TFX_END
