// SPDX-License-Identifier: Apache-2.0
#include <io/folder.hpp>
#include <tfx/keras/layers/add.hpp>
#include <tfx/keras/layers/bidirectional.hpp>
#include <tfx/keras/layers/dense.hpp>
#include <tfx/keras/layers/rnn.hpp>
#include <tfx/keras/plot_model.hpp>
#include <tfx/keras/trainer.hpp>
#include <tfx/tfx.hpp>

// What reads what in a model, as summary and plot_model tell it: every value of a layer, every call of one.

namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;
using names = std::vector<std::string>;

namespace {
/// What a summary says that a layer is connected to.
names connected(std::string const& summary, std::string const& layer) {
  names all;
  std::size_t at = summary.find("\n" + layer + " (");
  REQUIRE(at != std::string::npos);
  for (++at; summary[at] != '_' && summary[at] != '='; at = summary.find('\n', at) + 1) {
    std::string name = summary.substr(at + 65, summary.find('\n', at) - at - 65);
    name.resize(name.find_last_not_of(' ') + 1);
    all.push_back(name);
  }
  return all;
}
template <class Model>
std::string plot_of(Model const& model) {
  io_test::folder const dir;
  keras::utils::plot_model(model, dir / "model.dot");
  std::string const text = io_test::text_of(dir / "model.dot");
  return text.substr(text.find("  n0 "));
}
/// A decoder that begins where an encoder, which gives its states behind its outputs, ends.
template <int Outputs, class Encoder, class Decoder>
auto translation(Encoder const& encoder, Decoder const& decoder) {
  auto const source = keras::Input<"source">(tf::shape<4, 3>);
  auto const target = keras::Input<"target">(tf::shape<5, 2>);
  auto const states = std::apply(
      [](auto const&... all) {
        return [&]<std::size_t... I>(std::index_sequence<I...>, auto const& each) {
          return std::tuple(std::get<Outputs + I>(each)...);
        }(std::make_index_sequence<sizeof...(all) - Outputs>{}, std::tie(all...));
      },
      encoder(source));
  return keras::Model(keras::inputs(source, target), decoder(target, keras::initial_state = states));
}
template <int Outputs = 1, class Encoder, class Decoder>
void check_states(Encoder const& encoder, Decoder const& decoder, std::string const& kind, std::string const& reader,
                  std::size_t states) {
  auto const model = translation<Outputs>(encoder, decoder);
  names all(states + 1, "enc");
  all[0] = "target";
  CHECK(connected(model.summary(), "dec") == all);
  CHECK(connected(model.summary(), "enc") == names{"source"});
  CHECK(plot_of(model) ==
        "  n0 [label=\"target: InputLayer\"];\n  n1 [label=\"source: InputLayer\"];\n  n2 [label=\"enc: " + kind +
            "\"];\n  n3 [label=\"dec: " + reader + "\"];\n  n1 -> n2;\n  n0 -> n3;\n  n2 -> n3;\n}\n");
}
}  // namespace

TEST_CASE("model: the states that a recurrent layer gives are the layer's") {
  using keras::return_state;
  check_states(layers::LSTM<5, "enc">(return_state), layers::LSTM<5, "dec">(), "LSTM", "LSTM", 2);
  check_states(layers::GRU<5, "enc">(return_state), layers::SimpleRNN<5, "dec">(), "GRU", "SimpleRNN", 1);
  check_states(layers::SimpleRNN<5, "enc">(return_state), layers::GRU<5, "dec">(), "SimpleRNN", "GRU", 1);
  auto const cells = std::tuple(layers::LSTMCell<5>(), layers::GRUCell<4>());
  check_states(layers::RNN<"enc">(cells, return_state), layers::RNN<"dec">(cells), "RNN", "RNN", 3);
}
TEST_CASE("model: so are those of both directions") {
  auto const inner = layers::GRU<5>(keras::return_state);
  auto const reader = layers::Bidirectional<"dec">(layers::GRU<5>());
  check_states(layers::Bidirectional<"enc">(inner), reader, "Bidirectional", "Bidirectional", 2);
  check_states<2>(layers::Bidirectional<"enc">(inner, keras::merge_mode<"none">), reader, "Bidirectional",
                  "Bidirectional", 2);
}

TEST_CASE("model: a layer or a model that is called several times tells each call") {
  auto const a = keras::Input<"a">(tf::shape<4>);
  auto const b = keras::Input<"b">(tf::shape<4>);
  auto const h = layers::Dense<3, "h">()(a);
  auto const pair = keras::Model<"pair">(a, keras::outputs(h, layers::Dense<4, "back">()(h)));
  auto const [ha, ya] = pair(a);
  auto const [hb, yb] = pair(b);
  auto const square = layers::Dense<4, "square">();
  // The difference is no layer; it reads its operands in their order.
  auto const y = square(square(ya) - square(yb));
  auto const model = keras::Model(keras::inputs(a, b), keras::outputs(y, layers::Add<"sum">()(ha, hb)));
  std::string const summary = model.summary();
  CHECK(connected(summary, "pair") == names{"a", "b"});
  CHECK(connected(summary, "square") == names{"pair", "pair", "Sub"});
  CHECK(connected(summary, "sum") == names{"pair", "pair"});
  CHECK(summary.find("\nh (") == std::string::npos);  // it is within the model
}

TEST_CASE("fit: outputs of one layer have names of their own") {
  auto const a = keras::Input<"a">(tf::shape<2>);
  auto const b = keras::Input<"b">(tf::shape<2>);
  auto const head = layers::Dense<1, "head">();
  auto const model = keras::Model(keras::inputs(a, b), keras::outputs(head(a), head(b), head(a + b)));
  auto const trainer = model.compile(tf::train::GradientDescentOptimizer(0.1f), keras::loss<"mae">);
  CHECK(trainer.metrics_names() == names{"loss", "head_loss", "head_1_loss", "head_2_loss"});
  xt::xtensor<float, 2> const x = xt::zeros<float>({3, 2});
  xt::xtensor<float, 1> const one = xt::ones<float>({3});
  auto const all = trainer.evaluate(keras::inputs(x, x), keras::outputs(one, 2 * one, 3 * one), {.verbose = 0});
  CHECK((all[1] == 1 && all[2] == 2 && all[3] == 3 && all[0] == 6));
}
