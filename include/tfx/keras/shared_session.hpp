// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <tfx/graph/literal.hpp>
#include <tfx/session/session.hpp>
#include <tfx/train/saved_variables.hpp>
#include <vector>

TFX_BEGIN
namespace keras::detail {

// Weights are one where Keras has one layer: a model that is called has them in common with the model around it, and so
// have models of one Input, whose tensors are the same. Such models share a session.

struct shared_session;
/// The weights of a model and the session where they live, as long as the model, a copy of it or a call of it lives.
struct held_weights {
  saved_variable const* weights;
  u64 const* layers;  // of which layer each is
  int count;
  std::shared_ptr<shared_session> session;

  int find(u64 key) const {
    int i = count - 1;
    while (i >= 0 && weights[i].key != key) --i;
    return i;
  }
};
using weights_ptr = std::shared_ptr<held_weights>;

/// A session, who has weights in it, and which trainer the variables of an optimizer belong to.
struct shared_session {
  struct owner {
    u64 optimizer, trainer;
  };
  Session session;
  std::shared_ptr<shared_session> joined;  // where its variables went
  std::vector<std::weak_ptr<held_weights>> models;
  std::vector<owner> optimizers;

  /// The trainer that the variables of an optimizer belong to.
  u64& trainer_of(u64 optimizer) {
    for (owner& each : optimizers)
      if (each.optimizer == optimizer) return each.trainer;
    optimizers.push_back({optimizer, 0});
    return optimizers.back().trainer;
  }
};
inline shared_session& whole(shared_session& part) {
  shared_session* all = &part;
  while (all->joined) all = all->joined.get();
  return *all;
}
inline std::shared_ptr<shared_session> whole(std::shared_ptr<shared_session> part) {
  while (part->joined) part = std::shared_ptr<shared_session>(part->joined);
  return part;
}

/// The models of an Input, which its copies share. One that is a constant, or is no local variable, has none.
class models_of_input {
 public:
  constexpr models_of_input() {
    if (!std::is_constant_evaluated()) shared_ = new contents;
  }
  constexpr models_of_input(models_of_input const& other) : shared_(other.shared_) {
    if (shared_) __atomic_fetch_add(&shared_->users, 1, __ATOMIC_RELAXED);
  }
  constexpr models_of_input& operator=(models_of_input const& other) {
    models_of_input const taken(other);  // which may be this
    drop();
    shared_ = taken.shared_;
    if (shared_) __atomic_fetch_add(&shared_->users, 1, __ATOMIC_RELAXED);
    return *this;
  }
  constexpr ~models_of_input() { drop(); }

  std::vector<std::weak_ptr<held_weights>>* models() const { return shared_ ? &shared_->models : nullptr; }

 private:
  struct contents {
    int users = 1;
    std::vector<std::weak_ptr<held_weights>> models;
  };
  contents* shared_ = nullptr;

  constexpr void drop() {
    if (shared_) drop_contents(shared_);
  }
  [[gnu::noinline]] static void drop_contents(contents* shared) {
    if (__atomic_fetch_sub(&shared->users, 1, __ATOMIC_ACQ_REL) == 1) delete shared;
  }
};

/// What rides in a call of a model: its weights.
inline bool same_weights(void const* a, void const* b, i64) {
  return static_cast<weights_ptr const*>(a)->get() == static_cast<weights_ptr const*>(b)->get();
}
[[gnu::noinline]] inline literal literal_of_weights(weights_ptr const& weights) {
  literal result;
  result.array = new literal_array{{}, same_weights, [](void* data) { delete static_cast<weights_ptr*>(data); }};
  result.array->data = new weights_ptr(weights);
  return result;
}

/// Finds or makes the session of a new model, and makes its weights there.
class session_search {
 public:
  session_search(saved_variable const* weights, u64 const* layers, int count)
      : result_(new held_weights{weights, layers, count, nullptr}) {}

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
              "names "
              "of their own: layers::Dense<4, \"left\">()");
      } else if (array->equal == same_weights) {
        related_.push_back(*static_cast<weights_ptr const*>(array->data));
      }
    }
    calls_ = related_.size();
  }
  /// The models of an input.
  [[gnu::noinline]] void add_input(models_of_input const& input) {
    if (!input.models()) return;
    inputs_.push_back(input.models());
    for (auto const& known : *input.models()) {
      weights_ptr const model = known.lock();
      if (!model) continue;
      int same = 0;
      char const* other = nullptr;
      for (int i = 0; i < result_->count; ++i) {
        int const k = model->find(result_->weights[i].key);
        if (k >= 0 && model->layers[k] == result_->layers[i]) ++same;
        if (k >= 0 && model->layers[k] != result_->layers[i]) other = result_->weights[i].name.data();
      }
      // Models that have no layer in common have no weights in common, whatever they are called.
      if (same == 0) continue;
      if (other) refuse(other);
      related_.push_back(model);
    }
  }
  /// The weights; `make` runs the initializers of all that the model reaches, in its session.
  template <class Make>
  weights_ptr find(Make const& make) {
    join();
    values before(*this);
    make(result_->session->session);
    before.restore();
    return result_;
  }

 private:
  weights_ptr result_;
  std::vector<weights_ptr> related_;
  std::size_t calls_ = 0;  // so many of these were called
  std::vector<std::vector<std::weak_ptr<held_weights>>*> inputs_;

  [[noreturn]] [[gnu::cold]] [[gnu::noinline]] static void refuse(char const* name) {
    raise<errors::InvalidArgumentError>(
        "two models that share a session have weights of one name, %s, which are not those of one layer\nhelp: give "
        "the layers names of their own: layers::Dense<4, \"left\">()",
        name);
  }
  bool is_shared(int i) const {
    for (std::size_t m = 0; m < related_.size(); ++m) {
      int const k = related_[m]->find(result_->weights[i].key);
      if (k >= 0 && (m < calls_ || related_[m]->layers[k] == result_->layers[i])) return true;
    }
    return false;
  }
  [[gnu::noinline]] void join() {
    std::shared_ptr<shared_session>& all = result_->session;
    for (weights_ptr const& model : related_) {
      std::shared_ptr<shared_session> const each = whole(model->session);
      if (!all) all = each;
      if (each == all) continue;
      for (auto const& known : each->models)
        if (weights_ptr const held = known.lock())
          for (int i = 0; i < held->count; ++i) refuse_if_held(*all, held->weights[i]);
      move_into(*all, *each);
      each->joined = all;
    }
    if (!all) all = std::make_shared<shared_session>();
    for (int i = 0; i < result_->count; ++i)
      if (!is_shared(i)) refuse_if_held(*all, result_->weights[i]);
    all->models.push_back(result_);
    for (auto* const input : inputs_) input->push_back(result_);
  }
  static void refuse_if_held(shared_session const& in, saved_variable const& weight) {
    for (auto const& known : in.models)
      if (weights_ptr const held = known.lock(); held && held->find(weight.key) >= 0) refuse(weight.name.data());
  }
  static void move_into(shared_session& all, shared_session& part) {
    session_state& to = tfx::detail::state_of(all.session);
    session_state& from = tfx::detail::state_of(part.session);
    while (variable_state* const moved = from.first) {
      from.first = moved->next;
      variable_state* const known = moved->is_stream ? nullptr : to.find(moved->hash);
      if (!known) {
        moved->next = to.first;
        to.first = moved;
        continue;
      }
      // What no live model has: an optimizer's, or one that a run met before it had a value.
      if (!known->initialized && moved->initialized && known->memory.size() == moved->memory.size()) {
        std::memcpy(known->memory.data(), moved->memory.data(), moved->memory.size());
        std::memcpy(known->extents, moved->extents, sizeof known->extents);
        known->initialized = true;
      }
      delete moved;
    }
    part.session.close();
    all.models.insert(all.models.end(), part.models.begin(), part.models.end());
    for (auto const& each : part.optimizers) {
      u64& trainer = all.trainer_of(each.optimizer);
      if (trainer == 0) trainer = each.trainer;
    }
  }

  /// What variables have that the new model does not make anew.
  class values {
   public:
    explicit values(session_search const& search) {
      if (search.related_.empty()) return;
      for (variable_state* v = tfx::detail::state_of(search.result_->session->session).first; v; v = v->next) {
        int const own = search.result_->find(v->hash);
        if (v->is_stream || !v->initialized || (own >= 0 && !search.is_shared(own))) continue;
        auto const* const bytes = static_cast<char const*>(v->memory.data());
        kept_.push_back({v, std::vector<char>(bytes, bytes + v->memory.size())});
      }
    }
    void restore() const {
      for (one const& each : kept_)
        if (each.of->memory.size() == each.bytes.size())
          std::memcpy(each.of->memory.data(), each.bytes.data(), each.bytes.size());
    }

   private:
    struct one {
      variable_state* of;
      std::vector<char> bytes;
    };
    std::vector<one> kept_;
  };
};

}  // namespace keras::detail
TFX_END
