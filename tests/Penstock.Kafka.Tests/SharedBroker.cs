using Penstock.Tests.Shared;

namespace Penstock.Kafka.Tests;

/// <summary>The broker that tests share unless they kill it; null if none can be started.</summary>
public sealed class SharedBroker : IAsyncLifetime
{
    private Broker? _broker;

    public Broker Broker
    {
        get
        {
            Assert.SkipUnless(_broker != null, Broker.Missing);
            return _broker!;
        }
    }

    public async ValueTask InitializeAsync() => _broker = Broker.IsAvailable ? await Broker.StartAsync() : null;

    public ValueTask DisposeAsync() => _broker?.DisposeAsync() ?? default;
}
