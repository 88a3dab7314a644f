// SPDX-License-Identifier: Apache-2.0
#include <estimator/models.hpp>

using namespace estimator_test;
using namespace tf::estimator;
using tf::estimator::inputs::numpy_input_fn;

namespace {

constexpr std::size_t rows = 90;
/// Whether the product of two numbers is above 0, or in which third of all a number is, which are the classes; and
/// sums that a line has.
struct points {
  xt::xtensor<float, 2> xs;
  xt::xtensor<i64, 1> two, three;
  xt::xtensor<double, 2> sums;

  points()
      : xs({rows, 2}), two(std::array<std::size_t, 1>{rows}), three(std::array<std::size_t, 1>{rows}), sums({rows, 2}) {
    unsigned s = 11;
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t j = 0; j < 2; ++j) {
        s = s * 1664525u + 1013904223u;
        xs(i, j) = static_cast<float>(s >> 8) / static_cast<float>(1 << 23) - 1.0f;
      }
      two(i) = xs(i, 0) * xs(i, 1) > 0 ? 1 : 0;
      three(i) = xs(i, 0) < -0.33f ? 0 : xs(i, 0) < 0.33f ? 1 : 2;
      sums(i, 0) = static_cast<double>(xs(i, 0) + xs(i, 1));
      sums(i, 1) = static_cast<double>(2 * xs(i, 0) - xs(i, 1)) + 0.5;
    }
  }
};
points const data;
using refused = tf::errors::InvalidArgumentError;
auto train_of(auto const& labels) {
  return numpy_input_fn(data.xs, labels, {.batch_size = 30, .num_epochs = 0, .shuffle = true});
}
auto all_of(auto const& labels) { return numpy_input_fn(data.xs, labels, {.batch_size = 40}); }

}  // namespace

TEST_CASE("DNNClassifier: two classes, whose metrics are those of tf::metrics") {
  folder const dir;
  DNNClassifier classifier(tf::hidden_units<8, 6>, tf::n_classes<2>, tf::feature_columns<2>,
                           tf::train::AdagradOptimizer(0.05f), {.model_dir = dir / "m", .tf_random_seed = 3});
  classifier.train(train_of(data.two), {.steps = 60});
  CHECK(classifier.get_variable_names() ==
        std::vector<std::string>{"dnn/hiddenlayer_0/bias", "dnn/hiddenlayer_0/bias/Adagrad", "dnn/hiddenlayer_0/kernel",
                                 "dnn/hiddenlayer_0/kernel/Adagrad", "dnn/hiddenlayer_1/bias",
                                 "dnn/hiddenlayer_1/bias/Adagrad", "dnn/hiddenlayer_1/kernel",
                                 "dnn/hiddenlayer_1/kernel/Adagrad", "dnn/logits/bias", "dnn/logits/bias/Adagrad",
                                 "dnn/logits/kernel", "dnn/logits/kernel/Adagrad", "global_step"});
  auto const kernel = classifier.get_variable_value("dnn/hiddenlayer_1/kernel");
  CHECK(kernel.shape()[0] == 8);
  CHECK(kernel.shape()[1] == 6);

  auto const p = classifier.predict(numpy_input_fn(data.xs, {.batch_size = 40}));
  auto const& logistic = p.get<"logistic">();
  auto const& ids = p.get<"class_ids">();
  double loss = 0, losses[3] = {};
  for (std::size_t i = 0; i < rows; ++i) {
    double const z = static_cast<double>(p.get<"logits">()(i, 0)), y = static_cast<double>(data.two(i));
    CHECK(static_cast<double>(logistic(i, 0)) == doctest::Approx(1 / (1 + std::exp(-z))).epsilon(1e-5));
    CHECK(p.get<"probabilities">()(i, 1) == doctest::Approx(logistic(i, 0)).epsilon(1e-5));
    CHECK(ids(i, 0) == (z > 0 ? 1 : 0));
    double const cross_entropy = std::log1p(std::exp(-z)) + (1 - y) * z;
    loss += cross_entropy;
    losses[i / 40] += cross_entropy;
  }

  // All at once, by the streaming metrics.
  auto const y = tf::placeholder<"y", i64>(tf::shape<tf::dyn, 1>);
  auto const guess = tf::placeholder<"guess", i64>(tf::shape<tf::dyn, 1>);
  auto const probability = tf::placeholder<"probability", float>(tf::shape<tf::dyn, 1>);
  auto const updates = tf::fetch(tf::metrics::accuracy(y, guess).second, tf::metrics::precision(y, guess).second,
                                 tf::metrics::recall(y, guess).second, tf::metrics::auc(y, probability).second,
                                 tf::metrics::mean<"p">(probability).second, tf::metrics::mean<"l">(y).second);
  tf::Session sess;
  updates.apply([&](auto const&... each) { sess.run(tf::local_variables_initializer(each...)); });
  xt::xtensor<i64, 2> labels({rows, 1});
  for (std::size_t i = 0; i < rows; ++i) labels(i, 0) = data.two(i);
  auto const [accuracy, precision, recall, auc, prediction_mean, label_mean] =
      sess.run(updates, y = labels, guess = ids, probability = logistic);
  auto const found = classifier.evaluate(all_of(data.two));
  auto const approximately = [](double v) { return doctest::Approx(v).epsilon(1e-5); };
  CHECK(found["accuracy"] == approximately(static_cast<double>(accuracy)));
  CHECK(found["precision"] == approximately(static_cast<double>(precision)));
  CHECK(found["recall"] == approximately(static_cast<double>(recall)));
  CHECK(found["auc"] == approximately(static_cast<double>(auc)));
  CHECK(found["prediction/mean"] == approximately(static_cast<double>(prediction_mean)));
  CHECK(found["label/mean"] == approximately(static_cast<double>(label_mean)));
  CHECK(found["accuracy_baseline"] == approximately(std::max(found["label/mean"], 1 - found["label/mean"])));
  CHECK(found["average_loss"] == approximately(loss / static_cast<double>(rows)));
  CHECK(found["loss"] == approximately((losses[0] + losses[1] + losses[2]) / 3));
  CHECK(found["global_step"] == 60);
  // The area below precision over recall, by hand, at 200 thresholds.
  double area = 0, before[2] = {};
  for (int t = 199; t >= 0; --t) {
    double const threshold = t == 199 ? 1 + 1e-7 : t == 0 ? -1e-7 : t / 199.0;
    double tp = 1e-6, fp = 0, positives = 1e-6;
    for (std::size_t i = 0; i < rows; ++i) {
      bool const above = static_cast<double>(logistic(i, 0)) > threshold;
      tp += above && data.two(i) == 1 ? 1 : 0;
      fp += above && data.two(i) == 0 ? 1 : 0;
      positives += data.two(i) == 1 ? 1 : 0;
    }
    double const r = tp / positives, q = tp / (tp + fp);
    if (t < 199) area += (r - before[0]) * (q + before[1]) / 2;
    before[0] = r;
    before[1] = q;
  }
  CHECK(found["auc_precision_recall"] == approximately(area));
  CHECK(found.size() == 11);
}

TEST_CASE("DNNClassifier: labels of one column or none are the same, and resumed training is that of one go") {
  xt::xtensor<int, 2> column({rows, 1});
  for (std::size_t i = 0; i < rows; ++i) column(i, 0) = static_cast<int>(data.three(i));
  folder const dir;
  auto const trained = [&](char const* name, auto const& labels, std::vector<i64> const& parts) {
    for (i64 const steps : parts)
      DNNClassifier(tf::hidden_units<5>, tf::n_classes<3>, tf::feature_columns<2>, tf::train::AdamOptimizer(0.02f),
                    {.model_dir = dir / name, .tf_random_seed = 3}, tf::estimator::dropout(0.3f),
                    tf::activation_fn([](auto x) { return tf::nn::tanh(x); }))
          .train(train_of(labels), {.steps = steps});
    return text_of(dir / (name + std::string("/model.ckpt-50.data-00000-of-00001")));
  };
  std::string const whole = trained("whole", data.three, {50});
  CHECK(trained("parts", column, {20, 30}) == whole);
}

TEST_CASE("LinearClassifier: three classes") {
  folder const dir;
  LinearClassifier classifier(tf::n_classes<3>, tf::feature_columns<2, "point">, {.model_dir = dir / "m"});
  auto const input = all_of(data.three);
  CHECK(classifier.evaluate(input)["average_loss"] == doctest::Approx(std::log(3.0)).epsilon(1e-6));
  classifier.train(train_of(data.three), {.steps = 300});
  auto const w = classifier.get_variable_value("linear/linear_model/point/weights");
  CHECK(w.shape()[0] == 2);
  CHECK(w.shape()[1] == 3);
  CHECK(classifier.get_variable_value<float, 1>("linear/linear_model/bias_weights").size() == 3);
  auto const found = classifier.evaluate(input);
  auto const [logits, probabilities, ids] = classifier.predict(input);
  double right = 0, loss = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    right += ids(i, 0) == data.three(i) ? 1 : 0;
    loss -= std::log(static_cast<double>(probabilities(i, static_cast<std::size_t>(data.three(i)))));
  }
  CHECK(logits.shape()[1] == 3);
  CHECK(found["accuracy"] == doctest::Approx(right / static_cast<double>(rows)).epsilon(1e-9));
  CHECK(found["average_loss"] == doctest::Approx(loss / static_cast<double>(rows)).epsilon(1e-4));
  CHECK(found["accuracy"] > 0.9);
  CHECK(found.size() == 4);

  auto labels = data.three;
  labels(70) = 3;
  CHECK(message<refused>([&] { classifier.evaluate(all_of(labels)); }) ==
        "Labels must be <= n_classes - 1, which is 2: 3");
  labels(70) = -1;
  CHECK(message<refused>([&] { classifier.train(all_of(labels)); }) == "Labels must be >= 0");
  CHECK(classifier.predict(all_of(labels)).get<"logits">()(0, 0) == logits(0, 0));  // which does not look at them
  xt::xtensor<float, 2> const wide({rows, 3});
  CHECK(message<refused>([&] { classifier.predict(numpy_input_fn(wide, {})); }) ==
        "feature_columns: rows of 2 numbers are expected, and have 3");
  xt::xtensor<i64, 2> const one_hot({rows, 3});
  CHECK(message<refused>([&] {
          classifier.evaluate(all_of(one_hot));
        }).find("Expected labels dimension=1. Received 3.") != std::string::npos);
}

TEST_CASE("LinearRegressor and DNNRegressor: numbers of one column and of two") {
  folder const dir;
  LinearRegressor line(tf::feature_columns<2>, tf::train::GradientDescentOptimizer(0.01f), {.model_dir = dir / "line"},
                       tf::label_dimension<2>);
  auto const input = all_of(data.sums);
  line.train(train_of(data.sums), {.steps = 400});
  auto const w = line.get_variable_value("linear/linear_model/x/weights");
  auto const b = line.get_variable_value<float, 1>("linear/linear_model/bias_weights");
  CHECK(w(0, 1) == doctest::Approx(2).epsilon(1e-3));
  CHECK(b(1) == doctest::Approx(0.5).epsilon(1e-3));
  auto const predicted = line.predict(input).get<"predictions">();
  CHECK(predicted(5, 1) == doctest::Approx(data.sums(5, 1)).epsilon(1e-3));

  xt::xtensor<double, 1> sums(std::array<std::size_t, 1>{rows});
  double mean = 0;
  for (std::size_t i = 0; i < rows; ++i) mean += (sums(i) = data.sums(i, 0));
  DNNRegressor network(tf::hidden_units<10>, tf::feature_columns<2>, {.model_dir = dir / "network"});
  network.train(train_of(sums), {.steps = 200});
  auto const found = network.evaluate(all_of(sums));
  auto const values = network.predict(all_of(sums)).get<"predictions">();
  double squares = 0, predictions = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    squares += std::pow(static_cast<double>(values(i, 0)) - sums(i), 2);
    predictions += static_cast<double>(values(i, 0));
  }
  auto const n = static_cast<double>(rows);
  CHECK(found["average_loss"] == doctest::Approx(squares / n).epsilon(1e-4));
  CHECK(found["label/mean"] == doctest::Approx(mean / n).epsilon(1e-6));
  CHECK(found["prediction/mean"] == doctest::Approx(predictions / n).epsilon(1e-4));
  CHECK(found["average_loss"] < 0.05);
  CHECK(message<refused>([] { tf::estimator::dropout(1.0f); }) == "dropout must be in [0, 1), given: 1");
}
