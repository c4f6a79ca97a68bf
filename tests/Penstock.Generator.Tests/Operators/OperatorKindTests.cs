using Penstock.Generator.Emit;
using Penstock.Generator.Operators;
using Penstock.Generator.Plan;
using Penstock.Generator.Schemas;

namespace Penstock.Generator.Tests.Operators;

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
    public void Attributes_of_kinds_have_the_parameters_that_are_read() => Assert.All(OperatorKinds.Attributes, static attribute =>
    {
        var type = typeof(OperatorAttribute).Assembly.GetType("Penstock." + attribute.Name);
        Assert.NotNull(type);
        Assert.Equal(
            type.GetConstructors().Single().GetParameters().Select(static parameter => parameter.Name)
                .Concat(type.GetProperties().Where(static property => property.CanWrite).Select(static property => property.Name))
                .Order(),
            attribute.Parameters.Order());
    });

    [Fact]
    public void Attributes_of_streams_have_the_parameters_that_are_read() => Assert.All(OperatorKinds.Streams, static kind =>
    {
        var type = typeof(OperatorAttribute).Assembly.GetType("Penstock." + kind.Attribute)!;
        string[] own = ["Id"];
        Assert.Equal(
            type.GetConstructors().Single().GetParameters().Select(static parameter => parameter.Name)
                .Concat(type.GetProperties().Where(static property => property.CanWrite).Select(static property => property.Name))
                .Except(own)
                .Order(),
            kind.Options.Append(kind.Parameter).Concat(kind.PreferredParameter == null ? [] : [kind.PreferredParameter]).Order());
    });

    [Fact]
    public void Every_suffix_of_state_belongs_to_a_kind_which_saves_no_two_states_under_one()
    {
        var keyed = OperatorKinds.All.OfType<KeyedKind>().ToList();

        Assert.Equal(
            StateSuffix.All.Select(static suffix => $"{suffix}").Order(),
            keyed.SelectMany(static kind => kind.Suffixes).Select(static suffix => $"{suffix}").Distinct().Order());
        Assert.All(keyed, static kind => Assert.Distinct(kind.Suffixes));
    }

    [Fact]
    public void Names_of_kinds_and_of_their_methods_are_their_own()
    {
        Assert.Distinct(OperatorKinds.All.Select(static kind => kind.Name));
        Assert.Distinct(OperatorKinds.Methods.Select(static method => method.Name));
    }
}
