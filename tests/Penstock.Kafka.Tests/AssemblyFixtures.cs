using Penstock.Kafka.Tests;

[assembly: AssemblyFixture(typeof(SharedBroker))]
