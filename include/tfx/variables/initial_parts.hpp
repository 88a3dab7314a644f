// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/fill.hpp>
#include <tfx/op/random/random_uniform.hpp>

TFX_BEGIN

/// Instead of a seed.
struct no_seed {};

namespace detail {
// An initializer is written once, `of(parts)`: the parts make an initial value of a shape and a dtype, as an
// expression, in which numbers ride, or inside functions over handles, where the compiler knows them.

/// Of an expression.
template <class T, auto Site, auto... D>
struct expression_parts {
  static constexpr dims shape = shape_t<D...>::value;
  static constexpr bool is_integral = std::is_integral_v<T>;

  /// A number that is told at run time; `Part` tells those of one initial value apart.
  template <name Part>
  static auto number(double value) {
    typename literal_leaf<"", T, shape_t<>, hash_of(Part.view()), Site>::type result;
    result.literals[0] = make_literal(fitted<T>(value));
    return result;
  }
  /// A number that follows from the shape: F::of(shape).
  template <class F>
  static constexpr auto known() {
    return splat<"", splat_bits(static_cast<T>(F::of(shape))), T>(shape_t<>{});
  }
  /// One whole number in every element.
  template <int Number>
  static constexpr auto all() {
    return splat<"", number_bits<T, Number>(), T>(shape_t<D...>{});
  }
  /// A number that is told at run time in every element.
  template <name Part>
  static auto fill(double value) {
    return broadcast_to(number<Part>(value), shape_t<D...>{});
  }
  template <class Op, class Seed>
  static constexpr auto draw(Seed s) {
    static_assert(std::is_floating_point_v<T>,
                  "tfx: this initializer draws float or double; random_uniform_initializer draws int32 and int64 too");
    return seeded(s, [](auto... given) { return random_of<Op, "", T, Site, D...>::make(given...); });
  }
  template <class Seed>
  static auto draw_integers(double low, double high, Seed s) {
    return seeded(s, [&](auto... given) {
      return random_integers<canonical_type<T>, "", Site, D...>::make(fitted<T>(low), fitted<T>(high), given...);
    });
  }

 private:
  template <class Seed, class Make>
  static constexpr auto seeded(Seed s, Make make) {
    if constexpr (std::is_same_v<Seed, no_seed>) {
      return make();
    } else {
      return make(s);
    }
  }
};

inline void only_float_and_double_are_drawn() {}  // no constant expression: calling it is the error

/// Inside functions over handles.
struct value_parts {
  static constexpr bool is_integral = false;
  dtype type;
  dims shape;

  template <name Part>
  constexpr fragment number(double value) const {
    return filled(dims{}, value);
  }
  template <class F>
  constexpr fragment known() const {
    return filled(dims{}, F::of(shape));
  }
  template <int Number>
  constexpr fragment all() const {
    return splat_value(shape, type, Number == 0 ? 0 : splat_bits(static_cast<double>(Number), type));
  }
  template <name Part>
  constexpr fragment fill(double value) const {
    return filled(shape, value);
  }
  template <class Op, class Seed>
  constexpr fragment draw(Seed s) const {
    if (!is_floating(type)) only_float_and_double_are_drawn();
    u64 context = mix(hash_of(Op::name), static_cast<u64>(type));
    for (int i = 0; i < shape.rank; ++i) context = mix(context, static_cast<u64>(shape[i]));
    i64 const of_variable[] = {static_cast<i64>(mix(context, hash_of({}))), -1};
    fragment const state(info<random_state_op>, dtype::int64, {1, {random::stream::words}}, of_variable, 2);
    i64 attributes[1 + max_rank] = {static_cast<i64>(type)};
    for (int i = 0; i < shape.rank; ++i) attributes[1 + i] = shape[i];
    if constexpr (std::is_same_v<Seed, no_seed>) {
      return add_value(info<Op>, {}, attributes, 1 + shape.rank, state);
    } else {
      return add_value(info<Op>, {}, attributes, 1 + shape.rank, state, splat_value({}, dtype::int64, seed_value(s)));
    }
  }

 private:
  constexpr fragment filled(dims const& to, double value) const {
    return splat_value(to, type, splat_bits(type == dtype::float32 ? static_cast<float>(value) : value, type));
  }
};
}  // namespace detail

TFX_END
