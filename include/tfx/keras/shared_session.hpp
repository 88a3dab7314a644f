// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstring>
#include <tfx/graph/literal.hpp>
#include <tfx/session/session.hpp>
#include <tfx/train/saved_variables.hpp>

TFX_BEGIN
namespace keras::detail {

// A model that is called has its weights in common with the model around it: the two share a session. Holders are
// counted and listed here, since each program would compile the standard library's pointers and vectors of them anew.

/// One holder of a T, which counts them in `users`; the last one ends it.
template <class T>
class counted {
 public:
  constexpr counted() {}
  constexpr explicit counted(T* made) : of_(made) { hold(); }
  constexpr counted(counted const& other) : of_(other.of_) { hold(); }
  constexpr counted& operator=(counted const& other) {
    T* const before = of_;
    other.hold();
    of_ = other.of_;
    drop(before);
    return *this;
  }
  constexpr ~counted() { drop(of_); }

  constexpr T* get() const { return of_; }

 private:
  T* of_ = nullptr;

  constexpr void hold() const {
    if (of_) __atomic_fetch_add(&of_->users, 1, __ATOMIC_RELAXED);
  }
  static constexpr void drop(T* of) {
    if (of && __atomic_fetch_sub(&of->users, 1, __ATOMIC_ACQ_REL) == 1) of->end();
  }
};

struct held_weights;
/// Models, each once, of which those are skipped that are gone.
class model_list {
 public:
  model_list() = default;
  model_list(model_list const&) = delete;
  model_list& operator=(model_list const&) = delete;
  ~model_list();

  void add(held_weights& model);
  /// Goes on to the next one that is not gone.
  held_weights* first() const { return find(first_); }
  held_weights* after(held_weights const* model) const;

 private:
  struct entry {
    held_weights* model;
    entry* next;
  };
  entry* first_ = nullptr;

  static held_weights* find(entry const* from);
};

/// A session, which models have weights in it, and which trainer the variables of each optimizer belong to.
struct shared_session {
  struct owner {
    u64 optimizer, trainer;
    owner* next;
  };
  int users = 0;
  Session session;
  counted<shared_session> joined;  // where its variables went
  model_list models;
  owner* owners = nullptr;

  ~shared_session() {
    while (owner* const last = owners) {
      owners = last->next;
      delete last;
    }
  }
  void end() { delete this; }
  u64& trainer_of(u64 optimizer) {
    for (owner* each = owners; each; each = each->next)
      if (each->optimizer == optimizer) return each->trainer;
    return (owners = new owner{optimizer, 0, owners})->trainer;
  }
  shared_session& whole() {
    shared_session* all = this;
    while (all->joined.get()) all = all->joined.get();
    return *all;
  }
};

/// The weights of a model and the session where they live, as long as the model, a copy of it or a call of it lives.
struct held_weights {
  int users = 0, listed = 1;  // where it is listed when it is gone, it is there without a session
  saved_variable const* weights;
  int count;
  counted<shared_session> session{};

  int find(u64 key) const {
    int i = count - 1;
    while (i >= 0 && weights[i].key != key) --i;
    return i;
  }
  void end() {
    session = {};
    unlist();
  }
  void unlist() {
    if (__atomic_fetch_sub(&listed, 1, __ATOMIC_ACQ_REL) == 1) delete this;
  }
};
using weights_ptr = counted<held_weights>;

inline model_list::~model_list() {
  while (entry* const last = first_) {
    first_ = last->next;
    last->model->unlist();
    delete last;
  }
}
inline void model_list::add(held_weights& model) {
  for (entry const* known = first_; known; known = known->next)
    if (known->model == &model) return;
  __atomic_fetch_add(&model.listed, 1, __ATOMIC_RELAXED);
  first_ = new entry{&model, first_};
}
inline held_weights* model_list::find(entry const* from) {
  while (from && from->model->users == 0) from = from->next;
  return from ? from->model : nullptr;
}
inline held_weights* model_list::after(held_weights const* model) const {
  entry const* at = first_;
  while (at->model != model) at = at->next;
  return find(at->next);
}

/// What rides in a call of a model: its weights.
inline bool same_weights(void const* a, void const* b, i64) { return a == b; }
inline literal literal_of_weights(weights_ptr const& held) {
  literal result;
  result.array =
      new literal_array{{}, same_weights, [](void* data) {
                          if (__atomic_fetch_sub(&static_cast<held_weights*>(data)->users, 1, __ATOMIC_ACQ_REL) == 1)
                            static_cast<held_weights*>(data)->end();
                        }};
  __atomic_fetch_add(&held.get()->users, 1, __ATOMIC_RELAXED);
  result.array->data = held.get();
  return result;
}

/// Finds or makes the session of a new model, and makes its weights there.
class session_search {
 public:
  session_search(saved_variable const* weights, int count)
      : result_(new held_weights{.weights = weights, .count = count}) {}
  session_search(session_search const&) = delete;
  session_search& operator=(session_search const&) = delete;
  ~session_search() { restore(); }

  /// The models that were called to make an output.
  [[gnu::noinline]] void add_calls(literal const* literals, int count) {
    for (int i = 0; i < count; ++i) {
      literal_array const* const array = literals[i].array;
      if (!array) continue;
      if (literals[i].refused) {
        literal const& first = *static_cast<literal const*>(array->data);
        if (first.array && first.array->equal == same_weights)
          raise<errors::InvalidArgumentError>(
              "two models that are alike meet in one, and nothing tells their weights apart\nhelp: give their layers "
              "names of their own: layers::Dense<4, \"left\">()");
      } else if (array->equal == same_weights) {
        called_.add(*static_cast<held_weights*>(array->data));
      }
    }
  }
  /// The weights; `make` runs the initializers of all that the model reaches, in its session.
  template <class Make>
  weights_ptr find(Make const& make) {
    join();
    keep();
    make(weights().session.get()->session);
    restore();
    return result_;
  }

 private:
  weights_ptr result_;
  model_list called_;
  struct value {
    variable_state* of;
    char* bytes;
    value* next;
  };
  value* kept_ = nullptr;

  held_weights& weights() const { return *result_.get(); }
  [[noreturn]] [[gnu::cold]] [[gnu::noinline]] static void refuse(char const* name) {
    raise<errors::InvalidArgumentError>(
        "two models that share a session have weights of one name, %s, which are not those of one layer\nhelp: give "
        "the layers names of their own: layers::Dense<4, \"left\">()",
        name);
  }
  bool is_shared(int i) const {
    for (held_weights* model = called_.first(); model; model = called_.after(model))
      if (model->find(weights().weights[i].key) >= 0) return true;
    return false;
  }
  static void refuse_if_held(shared_session const& in, saved_variable const& weight) {
    for (held_weights* model = in.models.first(); model; model = in.models.after(model))
      if (model->find(weight.key) >= 0) refuse(weight.name.data());
  }
  [[gnu::noinline]] void join() {
    counted<shared_session>& all = weights().session;
    for (held_weights* model = called_.first(); model; model = called_.after(model)) {
      shared_session& part = model->session.get()->whole();
      if (!all.get()) all = counted<shared_session>(&part);
      if (&part != all.get()) move_into(all, part);
    }
    if (!all.get()) all = counted<shared_session>(new shared_session);
    for (int i = 0; i < weights().count; ++i)
      if (!is_shared(i)) refuse_if_held(*all.get(), weights().weights[i]);
    all.get()->models.add(weights());
  }
  static void move_into(counted<shared_session> const& all, shared_session& part) {
    for (held_weights* model = part.models.first(); model; model = part.models.after(model))
      for (int i = 0; i < model->count; ++i) refuse_if_held(*all.get(), model->weights[i]);
    session_state& to = tfx::detail::state_of(all.get()->session);
    session_state& from = tfx::detail::state_of(part.session);
    while (variable_state* const moved = from.first) {
      from.first = moved->next;
      variable_state* const known = moved->is_stream ? nullptr : to.find(moved->hash);
      if (!known) {
        moved->next = to.first;
        to.first = moved;
        continue;
      }
      // No live model's weight: an optimizer's variable, or one that a run met before it had a value.
      if (!known->initialized && moved->initialized && known->memory.size() == moved->memory.size()) {
        std::memcpy(known->memory.data(), moved->memory.data(), moved->memory.size());
        std::memcpy(known->extents, moved->extents, sizeof known->extents);
        known->initialized = true;
      }
      delete moved;
    }
    part.session.close();
    for (held_weights* model = part.models.first(); model; model = part.models.after(model))
      all.get()->models.add(*model);
    for (shared_session::owner* each = part.owners; each; each = each->next)
      if (u64& trainer = all.get()->trainer_of(each->optimizer); trainer == 0) trainer = each->trainer;
    part.joined = all;
  }
  // Initializers make every variable that the model reaches: what others have keeps its value.
  [[gnu::noinline]] void keep() {
    if (!called_.first()) return;
    for (variable_state* v = tfx::detail::state_of(weights().session.get()->session).first; v; v = v->next) {
      int const own = weights().find(v->hash);
      if (v->is_stream || !v->initialized || (own >= 0 && !is_shared(own))) continue;
      kept_ = new value{v, new char[v->memory.size()], kept_};
      if (v->memory.size() > 0) std::memcpy(kept_->bytes, v->memory.data(), v->memory.size());
    }
  }
  [[gnu::noinline]] void restore() {
    while (value* const last = kept_) {
      if (last->of->memory.size() > 0) std::memcpy(last->of->memory.data(), last->bytes, last->of->memory.size());
      kept_ = last->next;
      delete[] last->bytes;
      delete last;
    }
  }
};

}  // namespace keras::detail
TFX_END
