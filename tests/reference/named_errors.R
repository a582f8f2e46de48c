# Standard errors that a user may name, of a linear, binomial, fractional and cumulative model, with distribution and p.
# Refresh: Rscript named_errors.R   (reads models-own.csv, models-birthwt.csv and ordinal-own.csv; writes named_errors.csv)
suppressMessages({library(sandwich); library(clubSandwich); library(ordinal); library(lmtest)})
file <- sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))
setwd(dirname(normalizePath(file)))
rows <- list()
keep <- function(family, kind, quantity, term, value, source)
  rows[[length(rows) + 1]] <<- data.frame(family, kind, quantity, term, value = sprintf("%.17g", value), source)
version <- function(package) sprintf("%s %s", package, as.character(packageVersion(package)))
three <- function(family, kind, term, se, df, p, source) {
  keep(family, kind, "standard_error", term, se, source)
  if (is.finite(df)) keep(family, kind, "df", term, df, source)
  keep(family, kind, "p", term, p, source)
}
own <- read.csv("models-own.csv"); births <- read.csv("models-birthwt.csv"); ordered <- read.csv("ordinal-own.csv")
births$group <- births$age %/% 2
exact <- glm.control(epsilon = 1e-15, maxit = 100)
whole <- function(data, names) data[complete.cases(data[, names]), ]
least <- function(m, family, groups, kinds) {
  for (kind in kinds) {
    V <- if (kind == "classical") vcov(m) else vcovHC(m, type = kind)
    t <- coeftest(m, V, df = if (family == "linear") df.residual(m) else Inf)
    call <- if (kind == "classical") "coeftest(m, vcov(m))" else sprintf("coeftest(m, vcovHC(m, \"%s\"))", kind)
    for (term in rownames(t))
      three(family, kind, term, t[term, 2], if (family == "linear") df.residual(m) else Inf, t[term, 4],
            sprintf("%s, %s, %s", call, version("lmtest"), version("sandwich")))
  }
  for (kind in c("CR0", "CR1S", "CR2", "CR3")) {
    t <- coef_test(m, vcovCR(m, cluster = groups, type = kind), test = "Satterthwaite")
    for (term in rownames(t)) {
      satterthwaite <- kind %in% c("CR2", "CR3"); df <- if (satterthwaite) t[term, "df_Satt"] else length(unique(groups)) - 1
      p <- if (satterthwaite) t[term, "p_Satt"] else 2 * pt(-abs(t[term, "beta"] / t[term, "SE"]), df)
      three(family, sub("S", "", kind), term, t[term, "SE"], df, p,
            sprintf("coef_test(m, vcovCR(m, g, \"%s\"))%s, %s", kind, if (satterthwaite) "" else ", t on G - 1", version("clubSandwich")))
    }
  }
}
q <- whole(own, c("y", "x", "w", "group"))
least(lm(y ~ x + w, q), "linear", q$group, c("classical", paste0("HC", 0:4)))
q <- whole(own, c("s", "x", "w", "group"))
least(glm(s ~ x + w, quasibinomial, q, control = exact), "fractional", q$group, paste0("HC", 0:4))
q <- whole(births, c("low", "age", "lwt", "smoke"))
least(glm(low ~ lwt + smoke, binomial, q, control = exact), "binomial", q$group, c("classical", paste0("HC", 0:4)))
q <- whole(ordered, c("y", "share", "staff", "age")); q$group <- q$age %/% 3
for (link in c("logit", "probit")) {
  m <- clm(factor(y) ~ share + staff, data = q, link = link, control = clm.control(gradTol = 1e-12, maxIter = 200))
  G <- length(unique(q$group))
  found <- list(classical = vcov(m), HC0 = sandwich(m), HC1 = sandwich(m, adjust = TRUE),
                CR0 = vcovCL(m, q$group, type = "HC0", cadjust = FALSE), CR1 = vcovCL(m, q$group, type = "HC1", cadjust = TRUE))
  calls <- c(classical = "vcov(clm)", HC0 = "sandwich(clm)", HC1 = "sandwich(clm, adjust = TRUE)",
             CR0 = "vcovCL(clm, g, type = \"HC0\", cadjust = FALSE)", CR1 = "vcovCL(clm, g, type = \"HC1\")")
  for (kind in names(found)) for (term in names(coef(m))) {
    se <- sqrt(found[[kind]][term, term]); df <- if (startsWith(kind, "CR")) G - 1 else Inf
    three(if (link == "logit") "ordinal" else "probit", kind, term, se, df, 2 * pt(-abs(coef(m)[[term]] / se), df),
          sprintf("%s, %s, %s", calls[[kind]], version("sandwich"), version("ordinal")))
  }
}
write.csv(do.call(rbind, rows), "named_errors.csv", row.names = FALSE)
