// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/broadcast_to.hpp>
#include <tfx/op/array/zeros_like.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/op/math/cast.hpp>
#include <tfx/op/state/variable.hpp>
#include <tfx/train/changed_variables.hpp>

TFX_BEGIN

// What an optimizer keeps beside each variable: variables of its own, which are inputs of its step.
namespace detail {

constexpr int place_of(u64 number, descriptor const& d) {
  int i = 0;
  while (i < d.number_count && d.numbers[i] != number) ++i;
  return i;
}

struct slot_counts {
  int variables, text, parts, numbers;
};
/// What an optimizer keeps beside each variable.
template <class Op>
struct slots_of {
  static constexpr slot const* begin() { return nullptr; }
  static constexpr slot const* end() { return nullptr; }
  static constexpr int count = 0;
};
template <class Op>
  requires requires { Op::slots; }
struct slots_of<Op> {
  static constexpr slot const* begin() { return std::begin(Op::slots); }
  static constexpr slot const* end() { return std::end(Op::slots); }
  static constexpr int count = static_cast<int>(std::size(Op::slots));
};
/// How many variables, how many characters the names of all slots take, of how many descriptors their initial values
/// consist, and how many numbers ride in those. Inputs of the step: the loss, if there is one, the optimizer's
/// parameters, a token, and what is written behind it.
template <class Op>
constexpr slot_counts count_slots(descriptor const* const* step, int input_count, written_variables written,
                                  std::string_view name) {
  vector<changed_variable> const variables = changed_variables(step, input_count, written);
  int const first_parameter = written == written_variables::with_gradients ? 0 : 1;
  slot_counts result{variables.size(), 0, 0, 0};
  for (changed_variable const& changed : variables)
    for (slot const& s : slots_of<Op>{}) {
      descriptor const* const v = changed.variable;
      bool const is_open = !v->shape->is_static(), is_number = s.parameter >= 0;
      result.text += static_cast<int>(v->name.size() + 1 + (name.empty() ? s.name : name).size() + s.suffix.size());
      result.parts += 1 + (is_number && step[first_parameter + s.parameter]->type != v->type);
      if (is_open && (is_number || s.initial != 0)) result.parts += is_number ? 1 : 2;
      if (is_number) result.numbers += step[first_parameter + s.parameter]->number_count;
      if (is_open) result.numbers += v->inputs[0]->number_count;
    }
  return result;
}
/// A number that a slot owns, and of which one it is a copy: of one that rides in an input of the step.
struct slot_number {
  u64 id = 0;
  int input = 0, index = 0;
};
/// For each variable its gradient, where that is given, its descriptor and those of its slots: variables named
/// `w/Momentum`, or after the step where that has a name, of the variable's dtype and shape. A shape that its type does
/// not tell is that of its initial value.
template <class Op, slot_counts C, written_variables Written>
struct slot_variables {
  static constexpr int slot_count = slots_of<Op>::count;
  static constexpr int count = C.variables * slot_count;
  static constexpr int list_count = C.variables * (Written == written_variables::with_gradients ? 2 : 1) + count;
  descriptor const* list[list_count + 1];
  slot_number copies[C.numbers + 1];
  int copy_count = 0;

  constexpr slot_variables(descriptor const* const* step, int input_count, std::string_view name)
      : list{}, copies{}, step_(step), variables_{}, parts_{}, inputs_{}, words_{}, numbers_{}, text_{} {
    int at = 0, used = 0, place = 0;
    for (changed_variable const& changed : changed_variables(step, input_count, Written)) {
      descriptor const* const v = changed.variable;
      if (Written == written_variables::with_gradients) list[place++] = step[changed.input - 1];
      list[place++] = v;
      for (slot const& s : slots_of<Op>{}) {
        int const begin = used;
        for (std::string_view const part : {v->name, std::string_view("/"), name.empty() ? s.name : name, s.suffix})
          for (char const c : part) text_[used++] = c;
        descriptor& variable = variables_[at];
        initial_values_[at] = add_initial(*v, s);
        variable = value_descriptor(info<variable_op>, {text_ + begin, static_cast<std::size_t>(used - begin)}, v->type,
                                    *v->shape, initial_values_ + at, 1, nullptr, 0);
        keep_numbers(variable, number_list::possess(*initial_values_[at], variable.name_hash));
        copy_numbers(changed, s, *initial_values_[at++], variable.name_hash);
        list[place++] = &variable;
      }
    }
  }

 private:
  static constexpr int first_parameter = Written == written_variables::with_gradients ? 0 : 1;
  descriptor const* const* step_;
  descriptor variables_[count + 1], parts_[C.parts + 1];
  descriptor const* initial_values_[count + 1] = {};
  descriptor const* inputs_[C.parts + 1][2];
  i64 words_[C.parts + 1][2 + max_rank];
  u64 numbers_[2 * C.numbers + 1];
  char text_[C.text + 1];
  int part_count_ = 0, number_count_ = 0;

  // Whether there is a number is told by `parameter`: under the sanitizer no address is a constant.
  constexpr descriptor const* add_initial(descriptor const& v, slot const& s) {
    bool const has_number = s.parameter >= 0;
    descriptor const* number = has_number ? step_[first_parameter + s.parameter] : nullptr;
    if (has_number && number->type != v.type) {
      i64 const type = static_cast<i64>(v.type);
      number = add(info<cast_op>, v.type, *number->shape, &type, 1, 1, number);
    }
    if (v.shape->is_static() && has_number)
      return add(info<broadcast_to_op>, v.type, *v.shape, v.shape->extent, v.shape->rank, 1, number);
    if (v.shape->is_static()) return add_splat(v.type, *v.shape, s.initial);
    descriptor const* const zeros = add(info<zeros_like_op>, v.type, *v.shape, nullptr, 0, 1, v.inputs[0]);
    if (!has_number && s.initial == 0) return zeros;
    if (!has_number) number = add_splat(v.type, scalar, s.initial);
    return add(info<add_op>, v.type, *v.shape, nullptr, 0, 2, zeros, number);
  }
  static constexpr dims scalar{};
  constexpr descriptor const* add_splat(dtype type, dims const& shape, double value) {
    i64 attributes[2 + max_rank] = {splat_bits(value, type), static_cast<i64>(type)};
    for (int i = 0; i < shape.rank; ++i) attributes[2 + i] = shape[i];
    return add(info<splat_op>, type, shape, attributes, 2 + shape.rank, 0);
  }
  constexpr descriptor const* add(op_info const& op, dtype type, dims const& shape, i64 const* attributes,
                                  int word_count, int input_count, descriptor const* x = nullptr,
                                  descriptor const* y = nullptr) {
    int const at = part_count_++;
    inputs_[at][0] = x;
    inputs_[at][1] = y;
    for (int i = 0; i < word_count; ++i) words_[at][i] = attributes[i];
    parts_[at] = value_descriptor(op, {}, type, shape, inputs_[at], input_count, words_[at], word_count);
    if (input_count == 1) {
      parts_[at].numbers = x->numbers;
      parts_[at].number_count = x->number_count;
    } else if (input_count == 2) {
      keep_numbers(parts_[at], number_list::unite(inputs_[at], 2));
    }
    return &parts_[at];
  }
  constexpr void keep_numbers(descriptor& d, vector<u64> const& ids) {
    d.numbers = numbers_ + number_count_;
    d.number_count = ids.count;
    for (int i = 0; i < ids.count; ++i) numbers_[number_count_++] = ids.items[i];
  }
  // A number in the variable's initial value belongs to the variable already; the others are the parameter's.
  constexpr void copy_numbers(changed_variable const& changed, slot const& s, descriptor const& initial, u64 owner) {
    descriptor const& v = *changed.variable;
    for (int i = 0; i < initial.number_count; ++i) {
      u64 const id = initial.numbers[i];
      if (is_owned(id) || is_token(id)) continue;
      int const own = v.shape->is_static() ? v.inputs[0]->number_count : place_of(id, *v.inputs[0]);
      bool const is_parameter = own == v.inputs[0]->number_count;
      int const input = is_parameter ? first_parameter + s.parameter : changed.input;
      u64 const of = is_parameter ? id : owned_number_id(v.name_hash, own);
      copies[copy_count++] = {owned_number_id(owner, i), input, place_of(of, *step_[input])};
    }
  }
};

/// The list of the numbers that ride in a step: of what it is written with, unless slots own some too.
template <class Step, bool Owned>
struct step_numbers {
  static constexpr int count = Step::base::content.number_count;
  static constexpr u64 const* list = Step::base::content.numbers;
};
template <class Step>
struct step_numbers<Step, true> {
  static constexpr int all_inputs = Step::given + Step::more;
  static constexpr int count = number_list::unite(Step::all.at, all_inputs).count;
  static constexpr own_numbers<count> kept{Step::all.at, all_inputs, 0, renaming{}};
  static constexpr u64 const* list = kept.value;
  /// Where each copy stands in it.
  struct copy_places {
    int at[Step::slots.copy_count + 1];
    constexpr copy_places() : at{} {
      for (int i = 0; i < Step::slots.copy_count; ++i) at[i] = place_of(Step::slots.copies[i].id, Step::content);
    }
  };
  static constexpr copy_places copies{};
  static constexpr int const* places = copies.at;
};

/// A step that names the variables it changes: the same expression with other inputs behind its token, each variable
/// followed by what the optimizer keeps beside it. The numbers that this begins as ride in the step too.
template <class Op, written_variables Written, class Name, class Words, u64... In>
struct step_with_variables : applied<Op, Name, Words, In...> {
  using base = applied<Op, Name, Words, In...>;
  using base::result;
  static constexpr int written = sizeof...(In);
  static constexpr slot_counts counts = count_slots<Op>(base::inputs, written, Written, Name::text);
  static constexpr slot_variables<Op, counts, Written> slots{base::inputs, written, Name::text};
  static constexpr int given = place_of_token(base::inputs) + 1, more = slots.list_count;
  struct input_list {
    descriptor const* at[given + more + 1];
    constexpr input_list() : at{} {
      for (int i = 0; i < given; ++i) at[i] = base::inputs[i];
      for (int i = 0; i < more; ++i) at[given + i] = slots.list[i];
    }
  };
  static constexpr input_list all{};
  using numbers = step_numbers<step_with_variables, (counts.numbers > 0)>;
  static constexpr descriptor content{base::content.op,
                                      base::content.hash,
                                      base::content.type,
                                      base::content.shape,
                                      base::content.name,
                                      base::content.name_hash,
                                      all.at,
                                      given + more,
                                      base::content.words,
                                      base::content.word_count,
                                      numbers::list,
                                      numbers::count,
                                      base::content.symbols,
                                      base::content.symbol_count};
  static constexpr u64 defined = bucket_of<result.hash>::template writer<step_with_variables>::done ? result.hash : 0;
};
template <class Op, written_variables Written, class Name, class Words, u64... In>
struct mistake<step_with_variables<Op, Written, Name, Words, In...>> : mistake<applied<Op, Name, Words, In...>> {};

/// The loss depends on variables, but none that is trained.
template <u64 Loss>
struct nothing_trained {
  static constexpr refusal error{.kind = refusal_kind::no_variables, .op = lookup(key<Loss>{})->op};
};
template <class Op, written_variables Written, class Words>
struct step_of {
  template <name Name, class... X>
  using source = step_with_variables<Op, Written, named_so<Name>, Words, X::hash...>;
  template <name Name, class... X>
  using type = typename source<Name, X...>::as_expression::template type<source<Name, X...>>;

  template <name Name, class... X>
  static constexpr type<Name, X...> make(X const&... x) {
    using Source = source<Name, X...>;
    using Step = type<Name, X...>;
    if constexpr (Source::counts.numbers == 0) {
      return compose<Step>(x...);
    } else {
      constexpr int given = sizeof...(X), copied = Source::slots.copy_count;
      literal const* const literals[] = {x.literals...};
      literal_source sources[given + copied] = {source_of<Step::hash>(x)...};
      for (int i = 0; i < copied; ++i) {
        slot_number const& copy = Source::slots.copies[i];
        sources[given + i] = {literals[copy.input] + copy.index, Source::numbers::places + i, 1};
      }
      Step result;
      result.fill(sources, given + copied, Step::literal_count);
      return result;
    }
  }
};
/// A step that lowers a loss along whatever variables it depends on, and keeps nothing.
template <class Op>
struct plain_step {
  template <name Name, class... X>
  using type = result_t<Op, Name, X...>;
  template <name Name, class... X>
  static constexpr type<Name, X...> make(X const&... x) {
    return compose<type<Name, X...>>(x...);
  }
};
struct no_step {
  template <name Name, class Loss, class... X>
  using type = refused<nothing_trained<Loss::hash>>;
};
/// How the step of the optimizer `Op` along a loss is made, where `Named` variables are written behind its token.
template <class Op, u64 Loss, std::size_t Named>
constexpr auto kind_of_step() {
  if constexpr (Named > 0) {
    return step_of<Op, written_variables::alone, words<>>{};
  } else {
    constexpr training count = count_trained(*lookup(key<Loss>{}));
    if constexpr (count.trained == 0 && count.untrained > 0) {
      return no_step{};
    } else if constexpr (slots_of<Op>::count > 0 || count.untrained > 0) {
      return step_of<Op, written_variables::none, words<>>{};
    } else {
      return plain_step<Op>{};
    }
  }
}
}  // namespace detail

TFX_END
