// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstring>
#include <tfx/base/counted.hpp>
#include <tfx/base/vector.hpp>
#include <tfx/graph/literal.hpp>
#include <tfx/session/session.hpp>
#include <tfx/train/saved_variables.hpp>

TFX_BEGIN
namespace keras::detail {

using tfx::detail::counted;

// A model that is called has its weights in common with the model around it: the two share a session.

struct held_weights;
/// A session, the models that have weights in it, and which trainer the variables of each optimizer belong to.
struct shared_session {
  struct owner {
    u64 optimizer, trainer;
  };
  int users = 0;
  Session session;
  counted<shared_session> joined;  // where its variables and its models went
  vector<held_weights*> models;
  vector<owner> owners;

  u64& trainer_of(u64 optimizer) {
    for (owner& each : owners)
      if (each.optimizer == optimizer) return each.trainer;
    owners.push_back({optimizer, 0});
    return owners.back().trainer;
  }
  shared_session& whole() {
    shared_session* all = this;
    while (all->joined.get()) all = all->joined.get();
    return *all;
  }
};

/// The weights of a model and the session where they live, as long as the model, a copy of it or a call of it lives.
struct held_weights {
  saved_variable const* const weights;
  int const count;
  int users = 0;
  counted<shared_session> session;

  held_weights(saved_variable const* w, int n) : weights(w), count(n) {}
  held_weights(held_weights const&) = delete;
  held_weights& operator=(held_weights const&) = delete;
  ~held_weights() {
    if (!session.get()) return;
    vector<held_weights*>& models = session.get()->whole().models;
    int kept = 0;
    for (held_weights* model : models)
      if (model != this) models[kept++] = model;
    models.resize(kept);
  }
  int find(u64 key) const {
    int i = count - 1;
    while (i >= 0 && weights[i].key != key) --i;
    return i;
  }
};
using weights_ptr = counted<held_weights>;

/// The weights of a model that calls no other: in a session of its own.
[[gnu::noinline]] inline weights_ptr weights_apart(saved_variable const* weights, int count) {
  weights_ptr held(new held_weights(weights, count));
  held.get()->session = counted<shared_session>(new shared_session);
  held.get()->session.get()->models.push_back(held.get());
  return held;
}

/// What rides in a call of a model: its weights.
inline held_weights* weights_in(void const* data) { return static_cast<weights_ptr const*>(data)->get(); }
inline bool same_weights(void const* a, void const* b, i64) { return weights_in(a) == weights_in(b); }
inline literal literal_of_weights(weights_ptr const& held) {
  literal result;
  result.array = new literal_array{{}, same_weights, [](void* data) { delete static_cast<weights_ptr*>(data); }};
  result.array->data = new weights_ptr(held);
  return result;
}

/// Finds or makes the session of a new model, and makes its weights there.
class session_search {
 public:
  session_search(saved_variable const* weights, int count) : result_(new held_weights(weights, count)) {}
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
        held_weights* const model = weights_in(array->data);
        bool known = false;
        for (held_weights* each : called_) known = known || each == model;
        if (!known) called_.push_back(model);
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
  vector<held_weights*> called_;
  struct value {
    variable_state* of;
    char* bytes;
  };
  vector<value> kept_;

  held_weights& weights() const { return *result_.get(); }
  [[noreturn]] [[gnu::cold]] [[gnu::noinline]] static void refuse(char const* name) {
    raise<errors::InvalidArgumentError>(
        "two models that share a session have weights of one name, %s, which are not those of one layer\nhelp: give "
        "the layers names of their own: layers::Dense<4, \"left\">()",
        name);
  }
  bool is_shared(int i) const {
    for (held_weights* model : called_)
      if (model->find(weights().weights[i].key) >= 0) return true;
    return false;
  }
  static void refuse_if_held(shared_session const& in, saved_variable const& weight) {
    for (held_weights* model : in.models)
      if (model->find(weight.key) >= 0) refuse(weight.name.data());
  }
  [[gnu::noinline]] void join() {
    counted<shared_session>& all = weights().session;
    for (held_weights* model : called_) {
      shared_session& part = model->session.get()->whole();
      if (!all.get()) all = counted<shared_session>(&part);
      if (&part != all.get()) move_into(all, part);
    }
    if (!all.get()) all = counted<shared_session>(new shared_session);
    for (int i = 0; i < weights().count; ++i)
      if (!is_shared(i)) refuse_if_held(*all.get(), weights().weights[i]);
    all.get()->models.push_back(result_.get());
  }
  static void move_into(counted<shared_session> const& all, shared_session& part) {
    for (held_weights* model : part.models)
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
    all.get()->models.append(part.models.items, part.models.count);
    part.models.clear();
    for (shared_session::owner const& each : part.owners)
      if (u64& trainer = all.get()->trainer_of(each.optimizer); trainer == 0) trainer = each.trainer;
    part.joined = all;
  }
  // Initializers make every variable that the model reaches: what others have keeps its value.
  [[gnu::noinline]] void keep() {
    if (called_.empty()) return;
    for (variable_state* v = tfx::detail::state_of(weights().session.get()->session).first; v; v = v->next) {
      int const own = weights().find(v->hash);
      if (v->is_stream || !v->initialized || (own >= 0 && !is_shared(own))) continue;
      kept_.push_back({v, new char[v->memory.size()]});
      if (v->memory.size() > 0) std::memcpy(kept_.back().bytes, v->memory.data(), v->memory.size());
    }
  }
  [[gnu::noinline]] void restore() {
    for (value const& each : kept_) {
      if (each.of->memory.size() > 0) std::memcpy(each.of->memory.data(), each.bytes, each.of->memory.size());
      delete[] each.bytes;
    }
    kept_.clear();
  }
};

}  // namespace keras::detail
TFX_END
