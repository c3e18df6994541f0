# What R finds in the positive-psychology trial: the numbers of test_real_link_over_time.py.
# R 4.2.2, lme4 1.1-31, lavaan 0.6-14. Run: Rscript link_over_time.R posPsy_AHI_CESD_original.csv
library(lme4)
library(lavaan)

forms <- read.csv(commandArgs(TRUE)[1])
forms <- forms[order(forms$id, forms$elapsed.days, forms$occasion), ]
# One form per day: of two on one day the first stands.
forms <- forms[!duplicated(forms[c("id", "elapsed.days")]), ]
forms <- data.frame(id = forms$id, x = forms$ahiTotal, y = forms$cesdTotal)
forms$k <- ave(forms$id, forms$id, FUN = seq_along)
forms$moments <- ave(forms$id, forms$id, FUN = length)
before <- function(values) ave(values, forms$id, FUN = function(v) c(NA, head(v, -1)))
forms$xb <- before(forms$x)
forms$yb <- before(forms$y)

split <- function(rows, name) {
  rows[[paste0(name, "_mean")]] <- ave(rows[[name]], rows$id)
  rows[[paste0(name, "_own")]] <- rows[[name]] - rows[[paste0(name, "_mean")]]
  rows
}
fitted <- function(formula, rows) {
  control <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12))
  print(coef(summary(lmer(formula, rows, control = control))), digits = 10)
}
fitted(y ~ x_own + x_mean + k + (1 | id), split(forms[forms$moments >= 2, ], "x"))
lagged <- split(split(forms[forms$moments >= 3 & forms$k > 1, ], "xb"), "yb")
fitted(y ~ xb_own + yb_own + k + yb_mean + xb_mean + (1 | id), lagged)
fitted(x ~ yb_own + xb_own + k + xb_mean + yb_mean + (1 | id), lagged)

waves <- 5
wide <- reshape(forms[forms$k <= waves, c("id", "k", "x", "y")], idvar = "id", timevar = "k",
                direction = "wide", sep = "")
wide[-1] <- wide[-1] / 10 # lavaan's optimiser wants numbers of one size; slopes stay as they are
paths <- c()
for (t in 1:waves) {
  paths <- c(paths, sprintf(
    "wx%1$d =~ 1*x%1$d; wy%1$d =~ 1*y%1$d; x%1$d ~~ 0*x%1$d; y%1$d ~~ 0*y%1$d; x%1$d ~ 1; y%1$d ~ 1",
    t))
}
for (t in 2:waves) {
  paths <- c(paths, sprintf(
    paste("wx%1$d ~ a*wx%2$d + b*wy%2$d; wy%1$d ~ c*wx%2$d + d*wy%2$d;",
          "wx%1$d ~~ qx*wx%1$d; wy%1$d ~~ qy*wy%1$d; wx%1$d ~~ q*wy%1$d"), t, t - 1))
}
model <- paste(c(
  paste("RIx =~", paste0("1*x", 1:waves, collapse = " + ")),
  paste("RIy =~", paste0("1*y", 1:waves, collapse = " + ")),
  "RIx ~~ RIx; RIy ~~ RIy; RIx ~~ RIy; RIx ~~ 0*wx1 + 0*wy1; RIy ~~ 0*wx1 + 0*wy1",
  "wx1 ~~ wx1; wy1 ~~ wy1; wx1 ~~ wy1", paths), collapse = "\n")
panel <- function(...) {
  lavaan(model, data = wide, missing = "fiml", information = "observed", ...)
}
# Once more from where it ended: lavaan then agrees with itself that it has arrived.
fit <- panel(start = panel(control = list(rel.tol = 1e-11)))
found <- subset(parameterEstimates(fit), label %in% c("a", "b", "c", "d") & !duplicated(label))
print(format(found[c("label", "est", "se")], digits = 10))
