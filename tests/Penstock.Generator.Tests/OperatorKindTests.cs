using Penstock.Generator.Emit;
using Penstock.Generator.Operators;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Tests;

/// <summary>The list of kinds is complete, and all kinds are different.</summary>
public sealed class OperatorKindTests
{
    [Fact]
    public void Every_kind_is_in_the_list()
    {
        var kinds = typeof(OperatorKind).Assembly
            .GetTypes()
            .Where(static type => type is { IsAbstract: false } && type.IsSubclassOf(typeof(OperatorKind)));

        Assert.Equal(kinds.Select(static type => type.Name).Order(), OperatorKinds.All.Select(static kind => kind.GetType().Name).Order());
    }

    [Fact]
    public void A_kind_begins_a_task_where_its_emitter_emits_the_head_of_one() => Assert.All(
        OperatorKinds.All,
        static kind => Assert.Equal(kind.BeginsTask, KindEmitters.Of(kind) is HeadEmitter));

    [Fact]
    public void Every_kind_has_an_emitter_of_its_name() => Assert.All(
        OperatorKinds.All,
        static kind => Assert.Equal(kind.Name + "Emitter", KindEmitters.Of(kind).GetType().Name));

    [Fact]
    public void Every_kind_has_its_attributes()
    {
        var attributes = OperatorKinds.Methods
            .Select(static method => method.Name + "Attribute")
            .Concat(OperatorKinds.Streams.Select(static kind => kind.Attribute));

        Assert.All(attributes, static name => Assert.NotNull(typeof(OperatorAttribute).Assembly.GetType("Penstock." + name)));
    }

    [Fact]
    public void Names_of_kinds_and_of_their_methods_are_their_own()
    {
        Assert.Distinct(OperatorKinds.All.Select(static kind => kind.Name));
        Assert.Distinct(OperatorKinds.Methods.Select(static method => method.Name));
    }
}
