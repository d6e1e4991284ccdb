package dev.lockstep.starter;

import dev.lockstep.live.function.LiveAction;
import dev.lockstep.live.function.LiveFunctions;
import dev.lockstep.live.function.LiveMutation;
import dev.lockstep.live.function.LiveQuery;
import java.lang.annotation.Annotation;
import java.util.List;
import java.util.Map;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;

/** Finds the beans whose methods are live functions. Only these are made; all others are looked at by type. */
final class AnnotatedBeans {
    private static final List<Class<? extends Annotation>> ANNOTATIONS =
            List.of(LiveQuery.class, LiveMutation.class, LiveAction.class);

    private AnnotatedBeans() {}

    static void addTo(LiveFunctions.Builder functions, ConfigurableListableBeanFactory beans) {
        for (String name : beans.getBeanDefinitionNames()) {
            Class<?> type = beans.getType(name, false);
            if (type != null && !type.getName().startsWith("org.springframework.") && isAnnotated(type)) {
                Object bean = beans.getBean(name);
                functions.add(bean, AopUtils.getTargetClass(bean));
            }
        }
    }

    private static boolean isAnnotated(Class<?> type) {
        MethodIntrospector.MetadataLookup<Boolean> lookup =
                method -> ANNOTATIONS.stream().anyMatch(each -> AnnotatedElementUtils.hasAnnotation(method, each))
                        ? Boolean.TRUE
                        : null;
        Map<?, Boolean> found = MethodIntrospector.selectMethods(type, lookup);
        return !found.isEmpty();
    }
}
