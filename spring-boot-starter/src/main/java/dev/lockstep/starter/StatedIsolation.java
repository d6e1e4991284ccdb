package dev.lockstep.starter;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Says the isolation level of a pool where nobody did: PostgreSQL's own default, READ COMMITTED. HikariCP (7) else reads
 * it from its first connection, once; when that breaks at this very moment, the pool holds an impossible level for ever and
 * gives no connection again. A level that was configured stays.
 */
final class StatedIsolation implements BeanPostProcessor {
    private static final String DEFAULT = "TRANSACTION_READ_COMMITTED";

    @Override
    public Object postProcessBeforeInitialization(Object bean, String beanName) {
        // One that has connections already has learnt its level.
        if (bean instanceof HikariDataSource pool && !pool.isRunning()) {
            state(pool);
        }
        return bean;
    }

    static void state(HikariConfig pool) {
        if (pool.getTransactionIsolation() == null) {
            pool.setTransactionIsolation(DEFAULT);
        }
    }
}
