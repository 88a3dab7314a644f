// SPDX-License-Identifier: Apache-2.0
// The course's two regressions in Keras: a line through points, and a line between two kinds of points.
#include <cstdio>
#include <tfx/data/plot.hpp>
#include <tfx/keras.hpp>
#include <tfx/tfx.hpp>
#include <xtensor/xrandom.hpp>
#include "keras_options.hpp"
namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;

int main(int argc, char** argv) {
  keras_options const o = read_keras_options(argc, argv, {30, {}, "/tmp/tfx_logs/keras_regression"});
  {
    xt::xtensor<float, 2> x = xt::random::rand<float>({500, 1}, -1.0f, 1.0f);
    xt::xtensor<float, 1> y = 3.0f * xt::col(x, 0) - 1.0f + 0.2f * xt::random::randn<float>({500});
    auto model = keras::Sequential<"line">(keras::Input(tf::shape<1>), layers::Dense<1>());
    auto trainer = model.compile(keras::optimizers::SGD(0.1), keras::loss<"mse">, keras::metrics<"mae">);
    auto history =
        trainer.fit(x, y, {.epochs = o.epochs, .verbose = 0}, keras::callbacks::TensorBoard(o.logs + "/line"));
    auto [slope, offset] = model.get_weights();
    xt::xtensor<double, 1> const across = xt::col(x, 0), up = y;
    std::puts(tf::data::render_points({across.begin(), across.end()}, {up.begin(), up.end()}, {slope(0, 0), offset(0)},
                                      {.title = "a line through points"})
                  .c_str());
    std::printf("y = %.2f x %+.2f, loss %.4f\n\n", slope(0, 0), offset(0), history["loss"].back());
  }
  {
    xt::xtensor<float, 2> x = xt::random::rand<float>({800, 2}, -1.0f, 1.0f);
    xt::xtensor<float, 1> above = xt::cast<float>(xt::col(x, 1) > 0.5f * xt::col(x, 0) + 0.2f);
    auto model =
        keras::Sequential<"border">(keras::Input(tf::shape<2>), layers::Dense<1>(keras::activation<"sigmoid">));
    auto trainer =
        model.compile(keras::optimizers::Adam(0.05), keras::loss<"binary_crossentropy">, keras::metrics<"accuracy">);
    auto history = trainer.fit(x, above, {.epochs = o.epochs, .verbose = 0, .validation_split = 0.25},
                               keras::callbacks::TensorBoard(o.logs + "/border"));
    std::puts(
        tf::data::render_plot(history["val_accuracy"], {.height = 8, .title = "accuracy on points not trained on"})
            .c_str());
    auto [w, b] = model.get_weights();
    std::printf("border: y = %.2f x %+.2f, accuracy %.3f\n", -w(0, 0) / w(1, 0), -b(0) / w(1, 0),
                history["val_accuracy"].back());
  }
  std::printf("logs for TensorBoard are in %s\n", o.logs.c_str());
}
